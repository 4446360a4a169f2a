{#- The sum of all documents, followed from RAW to every table that shows it, in cents and in documents. -#}
{%- set raw = raw_table('invoices', required=true) -%}
{#- Closed months keep what they reported, so that only what was restated since ties them to the rankings. -#}
{%- set figures = {
    'next_countries': {
        'total_amount_eur': 'Total', 'net_amount_eur': 'Net total', 'open_amount_eur': 'Open amount', 'invoice_count': 'Number of invoices',
        'documents_not_counted': 'Documents not counted'
    },
    'next_months': {'total_amount_eur + restated_amount_eur': 'Total', 'open_amount_eur': 'Open amount'}
} -%}

with

figures as (
    -- what sevDesk says, in the documents' own currencies, against what was counted plus what was excluded
    select
        'Documents in ' || currency || ', in their own currency and without signs' as figure,
        'RAW' as left_side,
        sum(abs(raw_amount)) as left_amount,
        'counted plus excluded' as right_side,
        sum(abs(built_amount)) as right_amount
    from (
        select
            coalesce(upper({{ raw_text(raw, 'currency') }}), 'none') as currency,
            case
                when upper({{ raw_text(raw, 'currency') }}) = '{{ var("account_currency") }}' then {{ raw_amount(raw, 'sumGross') }}
                else coalesce(nullif({{ raw_amount(raw, 'sumGrossForeignCurrency') }}, 0), {{ raw_amount(raw, 'sumGross') }})
            end as raw_amount,
            cast(0 as number(18, 2)) as built_amount
        from ({{ newest_rows(raw) }}) as newest

        union all

        select coalesce(currency, 'none') as currency, cast(0 as number(18, 2)) as raw_amount, total_amount_document as built_amount
        from {{ ref('enriched') }}
    ) as documents
    group by currency

    union all

    select
        'Invoiced' as figure,
        'INVOICES_SUMMARY' as left_side,
        (select coalesce(sum(total_amount_eur), 0) from {{ ref('next_invoices_summary') }}) as left_amount,
        'INVOICES_AMOUNT_BY_CITY' as right_side,
        (select coalesce(sum(invoiced_amount_eur), 0) from {{ ref('next_cities') }}) as right_amount

    union all

    select
        'Credited' as figure,
        'CREDIT_NOTES_SUMMARY' as left_side,
        (select coalesce(sum(credited_amount_eur), 0) from {{ ref('next_credit_notes_summary') }}) as left_amount,
        'INVOICES_AMOUNT_BY_CITY' as right_side,
        (select coalesce(sum(credited_amount_eur), 0) from {{ ref('next_cities') }}) as right_amount
    {%- for mart, columns in figures.items() %}
        {%- for column, figure in columns.items() %}

    union all

    select
        '{{ figure }}' as figure,
        'INVOICES_AMOUNT_BY_CITY' as left_side,
        (select coalesce(sum({{ column.split(' ')[0] }}), 0) from {{ ref('next_cities') }}) as left_amount,
        '{{ mart | upper }}' as right_side,
        (select coalesce(sum({{ column }}), 0) from {{ ref(mart) }}) as right_amount
        {%- endfor %}
    {%- endfor %}
)

select
    figure || ' differ: ' || cast(left_amount as varchar) || ' in ' || left_side || ', ' || cast(right_amount as varchar) || ' in ' || right_side || ', a difference of '
    || cast(left_amount - right_amount as varchar) || '.' as problem
from figures
where left_amount is distinct from right_amount
