{#- The figures that a month reports for good once it is closed. -#}
{% macro reported_columns(of) -%}
    {%- for column in ['invoiced_amount_eur', 'credited_amount_eur', 'total_amount_eur', 'net_amount_eur', 'invoice_count'] -%}
    {{ of }}.{{ column }}{{ ', ' if not loop.last }}
    {%- endfor -%}
{%- endmacro %}


{% macro no_reported_columns() -%}
    0 as invoiced_amount_eur, 0 as credited_amount_eur, 0 as total_amount_eur, 0 as net_amount_eur, 0 as invoice_count
{%- endmacro %}


{#- The date that the variable `revenue_date` makes the main one. -#}
{% macro revenue_date() -%}
    {%- if var('revenue_date') not in ('invoice', 'service') -%}
        {{ exceptions.raise_compiler_error('The variable revenue_date is "' ~ var('revenue_date') ~ '"; set it to invoice or service.') }}
    {%- endif -%}
    {{ var('revenue_date') }}_date
{%- endmacro %}
