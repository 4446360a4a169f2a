{#- Each final invoice with each part before it that stood on the final's day, and what was left of the part then. -#}
{{ config(materialized='table') }}

with

members as (
    select * from {{ ref('chain_members') }}
),

pairs as (
    select
        finals.chain_id,
        finals.invoice_id as final_id,
        finals.sequence_key as final_sequence_key,
        finals.invoice_date as final_date,
        parts.invoice_id as part_id,
        parts.invoice_number as part_number,
        parts.invoice_date as part_date,
        parts.amount,
        parts.net_amount,
        parts.paid_amount_eur
    from members as finals
    inner join members as parts
        on
            finals.chain_id = parts.chain_id
            and finals.invoice_type = 'ER'
            and parts.invoice_type in ('TR', 'AR')
            and finals.invoice_date >= parts.invoice_date
),

cancelled as (
    select
        pairs.final_id,
        pairs.part_id,
        sum(cancelled.amount) as amount,
        sum(cancelled.net_amount) as net_amount
    from pairs
    inner join {{ ref('chain_cancelled') }} as cancelled
        on pairs.part_id = cancelled.invoice_id and pairs.final_date >= cancelled.cancelled_on
    group by pairs.final_id, pairs.part_id
)

select
    pairs.chain_id,
    pairs.final_id,
    pairs.final_sequence_key,
    pairs.final_date,
    pairs.part_id,
    pairs.part_number,
    pairs.part_date,
    pairs.paid_amount_eur as part_paid_amount_eur,
    pairs.amount - coalesce(cancelled.amount, 0) as part_amount,
    pairs.net_amount - coalesce(cancelled.net_amount, 0) as part_net_amount
from pairs
left join cancelled on pairs.final_id = cancelled.final_id and pairs.part_id = cancelled.part_id
where pairs.amount - coalesce(cancelled.amount, 0) > 0
