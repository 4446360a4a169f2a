{#- Whether a document can be of this day: not before the euro's own century, not further ahead than somebody dates a document on purpose. -#}
{% macro is_plausible_date(day) -%}
    coalesce(
        {{ day }} between to_date('{{ var("first_document_date") }}', 'YYYY-MM-DD')
        and dateadd('day', {{ var('max_days_ahead') }}, to_date('{{ run_started_at.strftime("%Y-%m-%d") }}', 'YYYY-MM-DD')),
        false
    )
{%- endmacro %}
