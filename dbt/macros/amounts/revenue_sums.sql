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
