with

documents as (
    select *, cast(date_trunc('month', document_date) as date) as revenue_month
    from {{ ref('revenue_documents') }}
),

months as (
    select
        revenue_month,
        country_code,
        max(country_name_de) as country_name_de,
        max(country_name_en) as country_name_en,
        {{ revenue_sums() }}
    from documents
    group by revenue_month, country_code
)

select
    revenue_month,
    country_code,
    country_name_de,
    country_name_en,
    invoiced_amount_eur,
    credited_amount_eur,
    total_amount_eur,
    net_amount_eur,
    open_amount_eur,
    invoice_count,
    {{ data_as_of() }} as data_as_of,
    {{ refreshed_at() }} as refreshed_at
from months
