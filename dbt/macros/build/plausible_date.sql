{#- Whether a document can be of this day: not before the euro's own century, not further ahead than somebody dates a document on purpose. -#}
{% macro is_plausible_date(day) -%}
    coalesce(
        {{ day }} between cast('{{ var("first_document_date") }}' as date)
        and dateadd('day', {{ var('max_days_ahead') }}, cast('{{ run_started_at.strftime("%Y-%m-%d") }}' as date)),
        false
    )
{%- endmacro %}
