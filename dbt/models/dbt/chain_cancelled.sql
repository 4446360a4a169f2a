{#- What was cancelled of each member of a chain, and when, in the sums that the chain is compared by. -#}
{{ config(materialized='table') }}

with

members as (
    select * from {{ ref('chain_members') }}
),

invoices as (
    select * from {{ ref('invoice_judgements') }}
)

select
    members.chain_id,
    members.invoice_id,
    cancellations.invoice_date as cancelled_on,
    abs(case when members.has_several_currencies then cancellations.gross_amount_eur else cancellations.document_amount end) as amount,
    abs(case when members.has_several_currencies then cancellations.net_amount_eur else cancellations.document_net_amount end) as net_amount
from members
inner join {{ ref('invoice_cancellations') }} as links on members.invoice_id = links.cancelled_invoice_id
inner join invoices as cancellations on links.cancellation_id = cancellations.invoice_id
where cancellations.own_reason is null
