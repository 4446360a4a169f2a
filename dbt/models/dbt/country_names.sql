with

countries as (
    select * from {{ ref('countries_stg') }}
),

spelt as (
    select {{ normal_name('country_name_de') }} as spelling, country_code from countries
    union distinct
    select {{ normal_name('country_name_en') }} as spelling, country_code from countries
    union distinct
    select {{ normal_name('spelling') }} as spelling, country_code from {{ ref('country_spellings') }}
)

-- a spelling that two countries share tells nothing
select spelling, min(country_code) as country_code
from spelt
where spelling is not null and country_code is not null
group by spelling
having count(distinct country_code) = 1
