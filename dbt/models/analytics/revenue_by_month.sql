-- depends_on: {{ ref('publication') }}
select
    revenue_month,
    country_code,
    country_name_de,
    country_name_en,
    invoiced_amount_eur,
    credited_amount_eur,
    total_amount_eur,
    net_amount_eur,
    total_amount_eur_by_service_date,
    net_amount_eur_by_service_date,
    open_amount_eur,
    invoice_count,
    revenue_amount_eur,
    revenue_measure,
    revenue_date,
    is_closed,
    closed_at,
    closed_by,
    restated_amount_eur,
    {{ data_as_of() }} as data_as_of,
    refreshed_at
from {{ ref('published_months') }}
