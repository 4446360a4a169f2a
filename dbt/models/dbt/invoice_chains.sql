{#- Part, advance and final invoices (TR, AR, ER) of one order, and whether its final invoice repeats what the parts already billed.
    sevDesk knows both ways of writing a final invoice: over the whole order, or over what the parts left. The order's sum tells which. -#}
with

invoices as (
    select * from {{ ref('invoices_stg') }}
),

amounts as (
    select * from {{ ref('invoice_amounts') }}
),

cancellations as (
    select distinct cancelled_invoice_id from {{ ref('invoice_cancellations') }}
),

orders as (
    select
        order_id,
        order_number,
        {{ lacks_account_sum('currency', 'gross_amount', 'gross_amount_foreign') }} as lacks_account_sum,
        case when lacks_account_sum then currency else '{{ var("account_currency") }}' end as sum_currency,
        case when lacks_account_sum then gross_amount_foreign else gross_amount end as sum_amount
    from {{ ref('orders_stg') }}
),

links as (
    select
        invoices.origin_id as order_id,
        invoices.invoice_id,
        invoices.invoice_type,
        invoices.invoice_date,
        amounts.sum_currency,
        amounts.sum_amount
    from invoices
    inner join amounts on invoices.invoice_id = amounts.invoice_id
    left join cancellations on invoices.invoice_id = cancellations.cancelled_invoice_id
    where
        invoices.origin_type = 'Order'
        and invoices.invoice_type in ('TR', 'AR', 'ER')
        and invoices.status_code in ({{ counted_statuses() }})
        and invoices.deleted_at is null
        and cancellations.cancelled_invoice_id is null
),

chains as (
    select
        order_id,
        min(sum_currency) as sum_currency,
        max(sum_currency) as other_sum_currency,
        count_if(invoice_type = 'ER') as final_count,
        count_if(invoice_type <> 'ER') as part_count,
        max(case when invoice_type = 'ER' then invoice_date end) as final_date,
        coalesce(sum(case when invoice_type = 'ER' then sum_amount end), 0) as final_amount,
        coalesce(sum(case when invoice_type <> 'ER' then sum_amount end), 0) as parts_amount
    from links
    group by order_id
),

judged as (
    select
        chains.*,
        orders.order_number,
        orders.sum_amount as order_amount,
        case
            when chains.final_count = 0 then 'no_final_invoice'
            when chains.part_count = 0 then 'no_parts'
            when orders.sum_amount is null or orders.sum_currency <> chains.sum_currency or chains.other_sum_currency <> chains.sum_currency then 'unclear'
            when abs(chains.final_amount - orders.sum_amount) <= {{ var('chain_tolerance') }} then 'final_contains_parts'
            when abs(chains.final_amount + chains.parts_amount - orders.sum_amount) <= {{ var('chain_tolerance') }} then 'final_is_remainder'
            else 'unclear'
        end as verdict
    from chains
    left join orders on chains.order_id = orders.order_id
)

select
    links.invoice_id,
    links.order_id,
    judged.order_number,
    judged.verdict,
    judged.order_amount,
    judged.final_amount,
    judged.parts_amount,
    judged.verdict = 'final_contains_parts' and links.invoice_type <> 'ER' and links.invoice_date <= judged.final_date as is_contained_in_final
from links
inner join judged on links.order_id = judged.order_id
