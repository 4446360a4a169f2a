{#- Staging keeps cents. An amount with more decimals would be rounded on the way in, which nobody would see. -#}
{%- set raw = raw_table('invoices', required=true) -%}

{%- for name in ['sumGross', 'sumNet', 'sumGrossForeignCurrency', 'sumNetForeignCurrency'] %}
select
    'Invoice ' || coalesce({{ raw_text(raw, 'invoiceNumber') }}, {{ raw_text(raw, 'id') }}) || ' has the amount ' || {{ raw_text(raw, name) }}
    || ' in {{ name }}, which is no whole number of cents. It would be rounded.' as problem
from {{ raw_from(raw) }}
where {{ raw_number(raw, name, 38, 10) }} <> {{ raw_amount(raw, name) }}
{{ 'union all' if not loop.last }}
{%- endfor %}
