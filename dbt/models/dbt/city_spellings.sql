{#- The list of cities, by the form in which names are compared. -#}
select
    country_code,
    {{ normal_name('spelling') }} as normal_spelling,
    min(city) as city,
    count_if(has_districts) > 0 as has_districts
from {{ ref('cities') }}
group by country_code, {{ normal_name('spelling') }}
having count(distinct city) = 1
