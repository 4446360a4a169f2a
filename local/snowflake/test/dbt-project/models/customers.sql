{{ config(materialized='table') }}
select
    customer,
    count(*) as payments,
    sum(amount)::number(38, 2) as total,
    listagg(id, ',') within group (order by id) as ids,
    iff(total > 15, 'big', 'small') as size,
    object_construct('n', payments) as doc,
    rank() over (order by total desc nulls last) as rank_by_total,
    current_timestamp() as refreshed_at
from {{ ref('payments_clean') }}
group by customer
