{#- The figures of a row of `revenue_documents`. -#}
{% macro revenue_columns() -%}
    invoiced_amount_eur, credited_amount_eur, total_amount_eur, net_amount_eur, paid_amount_eur, open_amount_eur, invoice_count
{%- endmacro %}


{#- The same figures of a row that has none. -#}
{% macro no_revenue() -%}
    0 as invoiced_amount_eur, 0 as credited_amount_eur, 0 as total_amount_eur, 0 as net_amount_eur, 0 as paid_amount_eur, 0 as open_amount_eur, 0 as invoice_count
{%- endmacro %}


{#- The sums that every revenue mart shows, of rows of `revenue_documents`. -#}
{% macro revenue_sums() -%}
    cast(sum(invoiced_amount_eur) as number(18, 2)) as invoiced_amount_eur,
    cast(sum(credited_amount_eur) as number(18, 2)) as credited_amount_eur,
    cast(sum(total_amount_eur) as number(18, 2)) as total_amount_eur,
    cast(sum(net_amount_eur) as number(18, 2)) as net_amount_eur,
    cast(sum(paid_amount_eur) as number(18, 2)) as paid_amount_eur,
    cast(sum(open_amount_eur) as number(18, 2)) as open_amount_eur,
    cast(sum(invoice_count) as number(38, 0)) as invoice_count
{%- endmacro %}


{#- A row's total as a share of the total of all rows. -#}
{% macro share_of_total() -%}
    cast(total_amount_eur / nullif(sum(total_amount_eur) over (), 0) as number(9, 6)) as share_of_total
{%- endmacro %}


{#- The figure that the variable `revenue_measure` makes the main one, its name, and the rank by it. -#}
{% macro revenue_by_measure() -%}
    {%- set amount = revenue_measure_column() -%}
    {{ amount }} as revenue_amount_eur,
    '{{ var("revenue_measure") }}' as revenue_measure,
    rank() over (order by {{ amount }} desc) as rank_by_measure
{%- endmacro %}


{% macro revenue_measure_column(suffix='') -%}
    {%- if var('revenue_measure') not in ('gross', 'net') -%}
        {{ exceptions.raise_compiler_error('The variable revenue_measure is "' ~ var('revenue_measure') ~ '"; set it to gross or net.') }}
    {%- endif -%}
    {{ 'total_amount_eur' if var('revenue_measure') == 'gross' else 'net_amount_eur' }}{{ suffix }}
{%- endmacro %}
