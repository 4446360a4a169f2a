{#- The rows of a RAW table, one for each id: append-only loads keep every version of a record, of which the newest counts. -#}
{% macro newest_rows(table) -%}
    select * from {{ raw_from(table) }}
    qualify
        row_number() over (
            partition by {{ raw_text(table, 'id') }}
            order by
                {{ raw_instant(table, 'update', required=false) }} desc nulls last,
                {{ raw_instant(table, '_sdc_batched_at', required=false) }} desc nulls last,
                {{ raw_number(table, '_sdc_sequence', required=false) }} desc nulls last
        ) = 1
{%- endmacro %}


{#- As `newest_rows`, without what is deleted in sevDesk. -#}
{% macro live_rows(table) -%}
    {{ newest_rows(table) }}
        and {{ raw_instant(table, '_sdc_deleted_at', required=false) }} is null
{%- endmacro %}
