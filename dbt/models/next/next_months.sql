{#- Revenue per month and country. A closed month keeps what it reported when it was closed; what differs now is in `restated_amount_eur` and, by document, in
    RESTATEMENTS. What is open and paid is always of today. -#}
{{ config(materialized='table') }}

with

documents as (
    select
        *,
        cast(date_trunc('month', document_date) as date) as invoice_month,
        cast(date_trunc('month', service_date) as date) as service_month
    from {{ ref('revenue_documents') }}
),

closed_months as (
    select closed_month, max(closed_at) as closed_at, max(closed_by) as closed_by
    from {{ source('books', 'closed_months') }}
    group by closed_month
),

closed_documents as (
    select * from {{ source('books', 'closed_documents') }}
),

-- what each month reports, by the invoice's date
by_invoice_date as (
    select documents.invoice_month as revenue_month, documents.country_code, {{ reported_columns('documents') }}
    from documents
    left join closed_months on documents.invoice_month = closed_months.closed_month
    where closed_months.closed_month is null

    union all

    select closed_documents.closed_month as revenue_month, closed_documents.country_code, {{ reported_columns('closed_documents') }}
    from closed_documents
    where closed_documents.basis = 'invoice_date'
),

-- and by the day of the service
by_service_date as (
    select documents.service_month as revenue_month, documents.country_code, documents.total_amount_eur, documents.net_amount_eur
    from documents
    left join closed_months on documents.service_month = closed_months.closed_month
    where closed_months.closed_month is null

    union all

    select closed_month as revenue_month, country_code, total_amount_eur, net_amount_eur
    from closed_documents
    where basis = 'service_date'
),

rows_of_all as (
    select
        by_invoice_date.revenue_month, by_invoice_date.country_code, {{ reported_columns('by_invoice_date') }},
        0 as open_amount_eur, 0 as total_by_service_date, 0 as net_by_service_date, 0 as total_now
    from by_invoice_date

    union all

    select
        revenue_month, country_code, {{ no_reported_columns() }},
        0 as open_amount_eur, total_amount_eur as total_by_service_date, net_amount_eur as net_by_service_date, 0 as total_now
    from by_service_date

    union all

    select
        invoice_month as revenue_month, country_code, {{ no_reported_columns() }},
        open_amount_eur, 0 as total_by_service_date, 0 as net_by_service_date, total_amount_eur as total_now
    from documents
),

months as (
    select
        revenue_month,
        country_code,
        cast(sum(invoiced_amount_eur) as number(18, 2)) as invoiced_amount_eur,
        cast(sum(credited_amount_eur) as number(18, 2)) as credited_amount_eur,
        cast(sum(total_amount_eur) as number(18, 2)) as total_amount_eur,
        cast(sum(net_amount_eur) as number(18, 2)) as net_amount_eur,
        cast(sum(open_amount_eur) as number(18, 2)) as open_amount_eur,
        cast(sum(invoice_count) as number(38, 0)) as invoice_count,
        cast(sum(total_by_service_date) as number(18, 2)) as total_amount_eur_by_service_date,
        cast(sum(net_by_service_date) as number(18, 2)) as net_amount_eur_by_service_date,
        cast(sum(total_now) - sum(total_amount_eur) as number(18, 2)) as restated_amount_eur
    from rows_of_all
    group by revenue_month, country_code
)

select
    months.revenue_month,
    months.country_code,
    coalesce(countries.country_name_de, months.country_code) as country_name_de,
    coalesce(countries.country_name_en, months.country_code) as country_name_en,
    months.invoiced_amount_eur,
    months.credited_amount_eur,
    months.total_amount_eur,
    months.net_amount_eur,
    months.total_amount_eur_by_service_date,
    months.net_amount_eur_by_service_date,
    months.open_amount_eur,
    months.invoice_count,
    months.{{ revenue_measure_column('_by_service_date' if var('revenue_date') == 'service' else '') }} as revenue_amount_eur,
    '{{ var("revenue_measure") }}' as revenue_measure,
    '{{ revenue_date() }}' as revenue_date,
    closed_months.closed_month is not null as is_closed,
    closed_months.closed_at,
    closed_months.closed_by,
    months.restated_amount_eur,
    {{ refreshed_at() }} as refreshed_at
from months
left join closed_months on months.revenue_month = closed_months.closed_month
left join {{ ref('country_labels') }} as countries on months.country_code = countries.country_code
