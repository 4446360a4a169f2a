with

documents as (
    select * from {{ ref('revenue_documents') }}
),

countries as (
    select
        country_code,
        max(country_name_de) as country_name_de,
        max(country_name_en) as country_name_en,
        count(distinct case when city <> 'Unknown' then city end) as city_count,
        {{ revenue_sums() }}
    from documents
    group by country_code
)

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
    {{ share_of_total() }},
    rank() over (order by total_amount_eur desc) as rank_overall,
    {{ data_as_of() }} as data_as_of,
    {{ refreshed_at() }} as refreshed_at
from countries
