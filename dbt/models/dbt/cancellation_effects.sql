{#- What each cancellation takes off. One that cancels the whole invoice, or the last of several that do so together, takes over the invoice's euro amounts,
    so that all of them add up to 0.00; one over a part takes off its own sum. What goes beyond the invoice is not counted. -#}
{{ config(materialized='table') }}

with

invoices as (
    select * from {{ ref('invoice_judgements') }}
),

chains as (
    select * from {{ ref('invoice_chains') }}
),

links as (
    select
        cancellations.cancellation_id,
        min(cancellations.cancelled_invoice_id) as cancelled_invoice_id
    from {{ ref('invoice_cancellations') }} as cancellations
    group by cancellations.cancellation_id
),

measured as (
    select
        links.cancellation_id,
        links.cancelled_invoice_id,
        cancellations.invoice_date as cancelled_on,
        originals.own_reason as original_reason,
        abs(originals.document_amount) as original_document_amount,
        coalesce(chains.added_amount_eur, originals.gross_amount_eur) as original_amount_eur,
        coalesce(chains.added_net_amount_eur, originals.net_amount_eur) as original_net_amount_eur,
        originals.exchange_rate as original_exchange_rate,
        originals.exchange_rate_date as original_exchange_rate_date,
        originals.amount_source as original_amount_source,
        cancellations.document_amount > 0 and abs(cancellations.document_amount) <> abs(originals.document_amount) as is_positive,
        abs(cancellations.gross_amount_eur) as own_amount_eur,
        abs(cancellations.net_amount_eur) as own_net_amount_eur,
        sum(abs(cancellations.document_amount)) over (
            partition by links.cancelled_invoice_id
            order by cancellations.invoice_date, lpad(links.cancellation_id, 20, '0')
            rows between unbounded preceding and current row
        ) as cancelled_so_far,
        coalesce(sum(abs(cancellations.gross_amount_eur)) over (
            partition by links.cancelled_invoice_id
            order by cancellations.invoice_date, lpad(links.cancellation_id, 20, '0')
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_amount_eur,
        coalesce(sum(abs(cancellations.net_amount_eur)) over (
            partition by links.cancelled_invoice_id
            order by cancellations.invoice_date, lpad(links.cancellation_id, 20, '0')
            rows between unbounded preceding and 1 preceding
        ), 0) as earlier_net_amount_eur
    from links
    inner join invoices as cancellations on links.cancellation_id = cancellations.invoice_id
    inner join invoices as originals on links.cancelled_invoice_id = originals.invoice_id
    left join chains on links.cancelled_invoice_id = chains.invoice_id
    where cancellations.own_reason is null
)

select
    cancellation_id,
    cancelled_invoice_id,
    cancelled_on,
    original_reason,
    original_exchange_rate,
    original_exchange_rate_date,
    original_amount_source,
    cancelled_so_far = original_document_amount as completes_cancellation,
    cancelled_so_far > original_document_amount as exceeds_invoice,
    is_positive,
    case when cancelled_so_far = original_document_amount then earlier_amount_eur - original_amount_eur else -own_amount_eur end as amount_eur,
    case when cancelled_so_far = original_document_amount then earlier_net_amount_eur - original_net_amount_eur else -own_net_amount_eur end as net_amount_eur
from measured
