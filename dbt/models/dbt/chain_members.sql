{#- The issued part, advance and final invoices (TR, AR, ER) of each order, with the sums to compare them by: those of the document's currency; where a
    chain has several currencies, euro. -#}
{{ config(materialized='table') }}

with

invoices as (
    select * from {{ ref('invoice_judgements') }}
),

orders as (
    select
        order_id,
        order_number,
        currency,
        case
            when currency = '{{ var("account_currency") }}' then gross_amount
            else coalesce(nullif(gross_amount_foreign, 0), gross_amount)
        end as document_amount,
        gross_amount
    from {{ ref('orders_stg') }}
),

-- an invoice made from a part belongs to the part's chain
linked as (
    select
        invoices.*,
        case
            when invoices.origin_type = 'Order' then invoices.origin_id
            when parents.invoice_id is not null then coalesce(case when parents.origin_type = 'Order' then parents.origin_id end, parents.invoice_id)
            else invoices.invoice_id
        end as chain_id
    from invoices
    left join invoices as parents
        on
            invoices.origin_type = 'Invoice'
            and invoices.origin_id = parents.invoice_id
            and parents.invoice_type in ('TR', 'AR', 'ER')
    where invoices.invoice_type in ('TR', 'AR', 'ER') and invoices.own_reason is null
),

chains as (
    select chain_id, count(distinct currency) > 1 as has_several_currencies, min(currency) as currency
    from linked
    group by chain_id
)

select
    linked.invoice_id,
    linked.invoice_number,
    linked.chain_id,
    linked.invoice_type,
    linked.invoice_date,
    linked.status_code,
    linked.decision,
    linked.currency,
    linked.gross_amount_eur,
    linked.net_amount_eur,
    linked.paid_amount_eur,
    chains.has_several_currencies,
    orders.order_number,
    case when chains.has_several_currencies then linked.gross_amount_eur else linked.document_amount end as amount,
    case when chains.has_several_currencies then linked.net_amount_eur else linked.document_net_amount end as net_amount,
    nullif(
        case
            when chains.has_several_currencies then orders.gross_amount
            when orders.currency = chains.currency then orders.document_amount
        end, 0
    ) as order_amount,
    -- by this they follow each other
    to_varchar(linked.invoice_date, 'YYYYMMDD') || lpad(linked.invoice_id, 20, '0') as sequence_key
from linked
inner join chains on linked.chain_id = chains.chain_id
left join orders on linked.chain_id = orders.order_id
