{#- Units of a currency for one euro, and the days that each rate holds for: the ECB's reference rates, the fixed rates of currencies that the euro
    replaced, and rates that somebody entered in overrides/manual_rates.csv, which win. -#}
{%- set raw = raw_table('exchange_rates') %}

with

source as (
    select
        upper({{ raw_text(raw, 'currency') }}) as currency,
        {{ raw_date(raw, 'rate_date') }} as rate_date,
        {{ raw_number(raw, 'rate', 18, 6) }} as rate
    from {{ raw_from(raw) }}
),

fixed as (
    select * from {{ ref('euro_conversion_rates') }}
),

manual as (
    select * from {{ ref('manual_rates') }}
),

published as (
    select source.currency, source.rate_date, max(source.rate) as rate
    from source
    left join fixed on source.currency = fixed.currency
    where source.rate is not null and (fixed.adopted_on is null or source.rate_date < fixed.adopted_on)
    group by source.currency, source.rate_date
),

followed as (
    select
        published.currency,
        published.rate_date,
        published.rate,
        lead(published.rate_date) over (partition by published.currency order by published.rate_date) as next_rate_date,
        dateadd('day', {{ var('max_rate_age_days') }}, published.rate_date) as last_usable_date,
        fixed.adopted_on
    from published
    left join fixed on published.currency = fixed.currency
)

select
    currency,
    rate_date,
    rate,
    -- the rate holds over weekends and holidays until the next one, but never longer than `max_rate_age_days`
    cast(
        least(last_usable_date, coalesce(dateadd('day', -1, next_rate_date), last_usable_date), coalesce(dateadd('day', -1, adopted_on), last_usable_date)) as date
    ) as valid_until,
    'ecb' as rate_source
from followed

union all

select currency, adopted_on as rate_date, rate, date_from_parts(9999, 12, 31) as valid_until, 'fixed' as rate_source
from fixed

union all

select upper(currency) as currency, valid_from as rate_date, rate, valid_until, 'manual' as rate_source
from manual
