{#- Loads with load_method upsert keep one row per id. Two rows of one id mean that a load went wrong. -#}
{{ config(severity='warn' if var('raw_is_append_only') else 'error') }}
{%- set raw = raw_table('invoices', required=true) -%}

select
    'Invoice ' || coalesce(max({{ raw_text(raw, 'invoiceNumber') }}), '(without a number)') || ' with the id ' || {{ raw_text(raw, 'id') }} || ' is in RAW.INVOICES '
    || count(*) || ' times. Its amount must count once: find out which load wrote it again before you use the figures.' as problem
from {{ raw_from(raw) }}
group by {{ raw_text(raw, 'id') }}
having count(*) > 1
