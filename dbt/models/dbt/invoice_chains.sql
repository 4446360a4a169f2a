{#- What each final invoice adds. sevDesk knows two ways of writing one: over the whole order, which contains what the parts billed, or over what they left.
    Lines of the final invoice that take a part off tell at once; otherwise the way counts whose sum is nearer to the order's. Where neither is near, or
    there is no order, the smaller effect counts, which is that of a final invoice that contains its parts.
    Parts stay in their month for ever. Each final invoice is judged by what was there on its day, so that a later document changes no month before it. -#}
{{ config(materialized='table') }}

with

members as (
    select * from {{ ref('chain_members') }}
),

cancelled as (
    select * from {{ ref('chain_cancelled') }}
),

pairs as (
    select
        pairs.*,
        deductions.part_id is not null as is_deducted
    from {{ ref('chain_pairs') }} as pairs
    left join {{ ref('chain_deductions') }} as deductions on pairs.final_id = deductions.final_id and pairs.part_id = deductions.part_id
),

-- a final invoice with those before it, as far as they stood on its day
final_pairs as (
    select
        finals.invoice_id as final_id,
        earlier.invoice_id as earlier_id,
        max(earlier.amount) - coalesce(sum(cancelled.amount), 0) as earlier_amount
    from members as finals
    inner join members as earlier
        on
            finals.chain_id = earlier.chain_id
            and finals.invoice_type = 'ER'
            and earlier.invoice_type = 'ER'
            and finals.sequence_key > earlier.sequence_key
    left join cancelled on earlier.invoice_id = cancelled.invoice_id and finals.invoice_date >= cancelled.cancelled_on
    group by finals.invoice_id, earlier.invoice_id
),

earlier_finals as (
    select final_id, sum(earlier_amount) as earlier_amount
    from final_pairs
    where earlier_amount > 0
    group by final_id
),

-- parts that an earlier final invoice took off in lines are billed apart from it for good
deducted_before as (
    select distinct final_pairs.final_id, pairs.part_id
    from final_pairs
    inner join pairs on final_pairs.earlier_id = pairs.final_id and pairs.is_deducted
    where final_pairs.earlier_amount > 0
),

billed as (
    select
        pairs.final_id,
        sum(pairs.part_amount) as parts_amount,
        sum(case when pairs.is_deducted or deducted_before.part_id is not null then 0 else pairs.part_amount end) as undeducted_amount
    from pairs
    left join deducted_before on pairs.final_id = deducted_before.final_id and pairs.part_id = deducted_before.part_id
    group by pairs.final_id
),

compared as (
    select
        members.invoice_id,
        members.chain_id,
        members.sequence_key,
        members.decision,
        members.amount,
        members.order_amount,
        coalesce(billed.undeducted_amount, 0) as undeducted_amount,
        billed.final_id is not null as has_parts,
        abs(coalesce(earlier_finals.earlier_amount, 0) + members.amount + billed.parts_amount - billed.undeducted_amount - members.order_amount)
            as distance_if_contained,
        abs(coalesce(earlier_finals.earlier_amount, 0) + members.amount + billed.parts_amount - members.order_amount) as distance_if_remainder
    from members
    left join billed on members.invoice_id = billed.final_id
    left join earlier_finals on members.invoice_id = earlier_finals.final_id
    where members.invoice_type = 'ER'
),

verdicts as (
    select
        invoice_id,
        chain_id,
        sequence_key,
        case
            when not has_parts then 'no_parts'
            when undeducted_amount = 0 then 'parts_deducted_in_lines'
            when decision = 'contains_parts' then 'final_contains_parts'
            when decision = 'bills_the_rest' then 'final_is_remainder'
            when least(distance_if_contained, distance_if_remainder) <= {{ var('chain_distance_to_review') }} * abs(order_amount)
                then case when distance_if_contained <= distance_if_remainder then 'final_contains_parts' else 'final_is_remainder' end
            -- a whole cannot be smaller than its parts
            when amount >= undeducted_amount then 'final_contains_parts'
            else 'final_is_remainder'
        end as verdict
    from compared
),

containing as (
    select pairs.*
    from pairs
    inner join verdicts on pairs.final_id = verdicts.invoice_id and verdicts.verdict = 'final_contains_parts'
    left join deducted_before on pairs.final_id = deducted_before.final_id and pairs.part_id = deducted_before.part_id
    where not pairs.is_deducted and deducted_before.part_id is null
),

-- a part is taken off once: by the first final invoice that contains it and stands
taken_before as (
    select distinct final_pairs.final_id, containing.part_id
    from final_pairs
    inner join containing on final_pairs.earlier_id = containing.final_id
    where final_pairs.earlier_amount > 0
),

taken as (
    select containing.*
    from containing
    left join taken_before on containing.final_id = taken_before.final_id and containing.part_id = taken_before.part_id
    where taken_before.part_id is null
),

taken_sums as (
    select
        final_id,
        sum(part_amount) as amount,
        sum(part_net_amount) as net_amount,
        sum(part_paid_amount_eur) as paid_amount_eur
    from taken
    group by final_id
),

finals as (
    select
        members.*,
        coalesce(taken_sums.amount, 0) as contained_amount,
        coalesce(taken_sums.paid_amount_eur, 0) as parts_paid_amount_eur,
        case
            when taken_sums.final_id is null then members.gross_amount_eur
            when members.has_several_currencies then members.gross_amount_eur - taken_sums.amount
            else {{ proportion('members.gross_amount_eur', 'members.amount - taken_sums.amount', 'members.amount') }}
        end as added_amount_eur,
        case
            when taken_sums.final_id is null then members.net_amount_eur
            when members.has_several_currencies then members.net_amount_eur - taken_sums.net_amount
            else {{ proportion('members.net_amount_eur', 'members.net_amount - taken_sums.net_amount', 'members.net_amount') }}
        end as added_net_amount_eur
    from members
    left join taken_sums on members.invoice_id = taken_sums.final_id
    where members.invoice_type = 'ER'
),

-- sevDesk may tell the payments of the parts again on the final invoice that contains them. It surely does where the final invoice shows more than it adds;
-- the same sum as on the parts is taken for theirs, unless it is just what was left to pay.
-- A final invoice that is paid to the cent, alone or with its parts, leaves no doubt; any other of these is listed.
paid as (
    select
        *,
        status_code = '1000' and (paid_amount_eur = added_amount_eur or paid_amount_eur = gross_amount_eur) as is_paid_to_the_cent,
        parts_paid_amount_eur > 0
        and (paid_amount_eur > added_amount_eur or (paid_amount_eur = parts_paid_amount_eur and not is_paid_to_the_cent)) as repeats_payments,
        repeats_payments and not is_paid_to_the_cent as may_repeat_payments,
        paid_amount_eur - case when repeats_payments then parts_paid_amount_eur else 0 end as own_paid_amount_eur
    from finals
),

-- a final invoice that is paid in full, the parts included, leaves nothing open on them
settled as (
    select distinct taken.part_id
    from taken
    inner join paid on taken.final_id = paid.invoice_id
    where paid.status_code = '1000' and paid.paid_amount_eur >= paid.gross_amount_eur
)

select
    members.invoice_id,
    members.chain_id,
    members.order_number,
    members.order_amount,
    members.invoice_type,
    members.has_several_currencies,
    coalesce(verdicts.verdict, 'part') as verdict,
    coalesce(paid.added_amount_eur, members.gross_amount_eur) as added_amount_eur,
    coalesce(paid.added_net_amount_eur, members.net_amount_eur) as added_net_amount_eur,
    coalesce(paid.contained_amount, 0) as contained_amount,
    members.gross_amount_eur - coalesce(paid.added_amount_eur, members.gross_amount_eur) as contained_amount_eur,
    coalesce(paid.own_paid_amount_eur, members.paid_amount_eur) as paid_amount_eur,
    coalesce(paid.may_repeat_payments, false) as may_repeat_payments,
    settled.part_id is not null as is_settled_by_final
from members
left join verdicts on members.invoice_id = verdicts.invoice_id
left join paid on members.invoice_id = paid.invoice_id
left join settled on members.invoice_id = settled.part_id
