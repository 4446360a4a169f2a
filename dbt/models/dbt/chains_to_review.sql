{#- Chains of part and final invoices that somebody should look at, each with its reason and what it may be about, in euro. -#}
with

chains as (
    select * from {{ ref('invoice_chains') }}
),

members as (
    select * from {{ ref('chain_members') }}
),

cancelled as (
    select invoice_id, sum(amount) as amount
    from {{ ref('chain_cancelled') }}
    group by invoice_id
),

standing as (
    select
        members.*,
        chains.verdict,
        members.amount - chains.contained_amount - coalesce(cancelled.amount, 0) as counted_amount
    from members
    inner join chains on members.invoice_id = chains.invoice_id
    left join cancelled on members.invoice_id = cancelled.invoice_id
    where members.amount > coalesce(cancelled.amount, 0)
),

sums as (
    select
        chain_id,
        max(order_number) as order_number,
        max(order_amount) as order_amount,
        min(currency) as currency,
        count_if(has_several_currencies) > 0 as has_several_currencies,
        sum(counted_amount) as counted_amount,
        sum(case when invoice_type = 'ER' then amount end) as finals_amount,
        sum(case when invoice_type <> 'ER' then amount end) as parts_amount,
        sum(case when invoice_type <> 'ER' then gross_amount_eur end) as parts_amount_eur,
        count_if(invoice_type = 'ER') as final_count,
        count_if(invoice_type <> 'ER') as part_count,
        count_if(decision is not null) as decision_count,
        max(invoice_date) as last_date,
        max(case when invoice_type = 'ER' then invoice_id end) as final_id,
        max(case when invoice_type = 'ER' then invoice_number end) as final_number,
        count_if(verdict in ('final_contains_parts', 'final_is_remainder')) as judged_count
    from standing
    group by chain_id
),

of_interest as (
    select * from sums
    where final_count > 0 and decision_count = 0
),

late_cancellations as (
    select
        pairs.chain_id,
        max(pairs.part_number) as part_number,
        sum(pairs.part_amount) as amount,
        max(cancelled.cancelled_on) as cancelled_on
    from {{ ref('chain_pairs') }} as pairs
    inner join {{ ref('chain_cancelled') }} as cancelled on pairs.part_id = cancelled.invoice_id and pairs.final_date < cancelled.cancelled_on
    inner join chains on pairs.final_id = chains.invoice_id and chains.verdict = 'final_contains_parts'
    group by pairs.chain_id
),

repeated as (
    select chains.chain_id, sum(members.paid_amount_eur) as amount_eur, max(members.invoice_number) as invoice_number
    from chains
    inner join members on chains.invoice_id = members.invoice_id
    where chains.may_repeat_payments
    group by chains.chain_id
)

select
    chain_id,
    order_number,
    last_date,
    currency,
    finals_amount,
    final_id,
    'chain_far_from_order' as reason_code,
    'The order is over ' || cast(order_amount as varchar) || ' ' || currency || ', its parts over ' || cast(parts_amount as varchar) || ', its final invoice '
    || coalesce(final_number, final_id) || ' over ' || cast(finals_amount as varchar)
    || ': neither all together nor the final invoice alone is near the order. The smaller effect counts.' as reason,
    parts_amount_eur as estimated_effect_eur
from of_interest
where judged_count > 0 and abs(counted_amount - order_amount) > {{ var('chain_distance_to_review') }} * abs(order_amount)

union all

select
    chain_id, order_number, last_date, currency, finals_amount, final_id,
    'chain_without_order' as reason_code,
    'The order of the final invoice ' || coalesce(final_number, final_id)
    || ' is not in the data, and no line of it takes a part off. It is taken to contain its parts.' as reason,
    parts_amount_eur as estimated_effect_eur
from of_interest
where judged_count > 0 and order_amount is null and not has_several_currencies

union all

select
    chain_id, order_number, last_date, currency, finals_amount, final_id,
    'chain_in_several_currencies' as reason_code,
    'The invoices of one order are in several currencies. They were compared in euro.' as reason,
    parts_amount_eur as estimated_effect_eur
from of_interest
where has_several_currencies

union all

select
    of_interest.chain_id, of_interest.order_number, of_interest.last_date, of_interest.currency, of_interest.finals_amount, of_interest.final_id,
    'part_cancelled_after_final' as reason_code,
    'The part ' || coalesce(late_cancellations.part_number, '') || ' was cancelled on ' || cast(late_cancellations.cancelled_on as varchar)
    || ', after the final invoice that contains it. The final invoice still counts without the part.' as reason,
    late_cancellations.amount as estimated_effect_eur
from of_interest
inner join late_cancellations on of_interest.chain_id = late_cancellations.chain_id

union all

select
    of_interest.chain_id, of_interest.order_number, of_interest.last_date, of_interest.currency, of_interest.finals_amount, of_interest.final_id,
    'payment_on_part_and_final' as reason_code,
    'The final invoice ' || coalesce(repeated.invoice_number, '')
    || ' shows payments that may be those of its parts, told twice. The open amount depends on it.' as reason,
    repeated.amount_eur as estimated_effect_eur
from of_interest
inner join repeated on of_interest.chain_id = repeated.chain_id
