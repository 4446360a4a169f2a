{{ config(severity='warn') }}

with

sums as (
    select
        sum(case when city = 'Unknown' then abs(total_amount_eur) else 0 end) as unknown_amount,
        sum(abs(total_amount_eur)) as amount,
        count_if(city = 'Unknown') as unknown_count
    from {{ ref('next_invoices_summary') }}
)

select
    unknown_count || ' invoices over ' || cast(cast(unknown_amount as number(18, 2)) as varchar) || ' EUR could not be placed in a city, more than '
    || '{{ (var("unknown_city_share_to_warn") * 100) | round(1) }} % of the revenue. They are ranked as Unknown; complete the addresses in sevDesk.' as problem
from sums
where unknown_amount > {{ var('unknown_city_share_to_warn') }} * amount
