with

documents as (
    select * from {{ ref('revenue_documents') }}
),

cities as (
    select
        country_code,
        max(country_name_de) as country_name_de,
        max(country_name_en) as country_name_en,
        city,
        {{ revenue_sums() }}
    from documents
    group by country_code, city
)

select
    country_code,
    country_name_de,
    country_name_en,
    city,
    invoiced_amount_eur,
    credited_amount_eur,
    total_amount_eur,
    net_amount_eur,
    paid_amount_eur,
    open_amount_eur,
    invoice_count,
    {{ share_of_total() }},
    rank() over (order by total_amount_eur desc) as rank_overall,
    rank() over (partition by country_code order by total_amount_eur desc) as rank_in_country,
    {{ data_as_of() }} as data_as_of,
    {{ refreshed_at() }} as refreshed_at
from cities
