{{ config(severity='warn') }}

select
    'Order ' || coalesce(order_number, order_id) || ' over ' || coalesce(cast(order_amount as varchar), 'an unknown sum') || ': its final invoice is over '
    || cast(max(final_amount) as varchar) || ', its part invoices add up to ' || cast(max(parts_amount) as varchar)
    || '. Neither the final invoice alone nor all together equal the order, so all of them count. Check whether one bills the same twice.' as problem
from {{ ref('invoice_chains') }}
where verdict = 'unclear'
group by order_id, order_number, order_amount
