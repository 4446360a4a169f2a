{#- How many rows each RAW table holds now, and which columns. Published with the marts, so that the next build knows what was there. -#}
{{ config(materialized='table') }}
{%- set streams = ['invoices', 'contacts', 'contact_addresses', 'static_countries', 'credit_notes', 'orders', 'invoice_positions', 'exchange_rates'] -%}
{%- for stream in streams %}
    {%- set raw = raw_table(stream) %}
select
    '{{ stream }}' as stream_name,
    count(*) as row_count,
    count_if({{ raw_instant(raw, '_sdc_deleted_at', required=false) }} is null) as live_row_count,
    '{{ raw.columns.keys() | sort | join(" ") }}' as column_names
from {{ raw_from(raw) }}
    {%- if not loop.last %}
union all
    {%- endif %}
{%- endfor %}
