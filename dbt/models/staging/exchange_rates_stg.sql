{%- set raw = raw_table('exchange_rates') %}

with

source as (
    select
        upper({{ raw_text(raw, 'currency') }}) as currency,
        cast({{ raw_text(raw, 'rate_date') }} as date) as rate_date,
        {{ raw_number(raw, 'rate', 18, 6) }} as rate
    from {{ raw_from(raw) }}
),

published as (
    select currency, rate_date, max(rate) as rate
    from source
    where rate is not null
    group by currency, rate_date
),

followed as (
    select
        *,
        lead(rate_date) over (partition by currency order by rate_date) as next_rate_date,
        dateadd('day', {{ var('max_rate_age_days') }}, rate_date) as last_usable_date
    from published
)

select
    currency,
    rate_date,
    rate,
    -- the rate holds over weekends and holidays until the next one, but never longer than `max_rate_age_days`
    cast(least(last_usable_date, coalesce(dateadd('day', -1, next_rate_date), last_usable_date)) as date) as valid_until
from followed
