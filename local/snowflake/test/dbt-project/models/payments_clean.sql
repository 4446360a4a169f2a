{{ config(materialized='view') }}
with payments as (select * from {{ ref('payments') }})

select
    id,
    customer,
    amount::number(38, 9) as amount,
    day,
    convert_timezone('Europe/Berlin', paid_at)::date as berlin_day,
    paid_at
from payments
