{#- The query that source freshness asks: up to which moment of the source a stream is loaded, by the loader's ledger. -#}
{% macro loaded_up_to(stream) -%}
    select coalesce(max(window_end), max(started_at))
    from {{ var('raw_database') or target.database }}.{{ var('raw_schema') }}._SDC_LOAD_LEDGER
    where stream = '{{ stream }}'
{%- endmacro %}
