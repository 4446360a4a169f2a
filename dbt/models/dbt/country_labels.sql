{#- One German and one English name for each country code, ZZ included. -#}
select
    country_code,
    min(country_name_de) as country_name_de,
    min(country_name_en) as country_name_en
from {{ ref('countries_stg') }}
where country_code is not null
group by country_code

union all

select 'ZZ' as country_code, 'Unbekannt' as country_name_de, 'Unknown' as country_name_en
