-- depends_on: {{ ref('publication') }}
select
    country_code,
    country_name_de,
    country_name_en,
    invoiced_amount_eur,
    credited_amount_eur,
    total_amount_eur,
    net_amount_eur,
    paid_amount_eur,
    open_amount_eur,
    invoice_count,
    city_count,
    documents_not_counted,
    share_of_total,
    rank_overall,
    rank_overall_net,
    revenue_amount_eur,
    revenue_measure,
    rank_by_measure,
    {{ data_as_of() }} as data_as_of,
    refreshed_at
from {{ ref('published_countries') }}
