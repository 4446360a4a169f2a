{{ config(materialized='table') }}

with

documents as (
    select country_code, city, country_name_de, country_name_en, {{ revenue_columns() }}, 0 as documents_not_counted
    from {{ ref('revenue_documents') }}

    union all

    select uncounted.country_code, uncounted.city, countries.country_name_de, countries.country_name_en, {{ no_revenue() }}, 1 as documents_not_counted
    from {{ ref('uncounted_documents') }} as uncounted
    left join {{ ref('country_labels') }} as countries on uncounted.country_code = countries.country_code
),

cities as (
    select
        country_code,
        max(country_name_de) as country_name_de,
        max(country_name_en) as country_name_en,
        city,
        {{ revenue_sums() }},
        cast(sum(documents_not_counted) as number(38, 0)) as documents_not_counted
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
    documents_not_counted,
    {{ share_of_total() }},
    rank() over (order by total_amount_eur desc) as rank_overall,
    rank() over (partition by country_code order by total_amount_eur desc) as rank_in_country,
    rank() over (order by net_amount_eur desc) as rank_overall_net,
    rank() over (partition by country_code order by net_amount_eur desc) as rank_in_country_net,
    {{ revenue_by_measure() }},
    {{ refreshed_at() }} as refreshed_at
from cities
