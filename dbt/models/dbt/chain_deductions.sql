{#- Which parts a final invoice takes off in lines of its own: a negative line names the part's number, or is over the part's sum, or over that of all parts. -#}
with

pairs as (
    select * from {{ ref('chain_pairs') }}
),

finals as (
    select distinct final_id from pairs
),

lines as (
    select
        positions.invoice_position_id as line_id,
        positions.invoice_id as final_id,
        lower(positions.label) as label,
        -positions.net_amount as net_amount,
        -coalesce(positions.gross_amount, positions.net_amount) as gross_amount
    from {{ ref('invoice_positions_stg') }} as positions
    inner join finals on positions.invoice_id = finals.final_id
    where positions.net_amount < 0
),

sums as (
    select final_id, sum(part_amount) as parts_amount, sum(part_net_amount) as parts_net_amount
    from pairs
    group by final_id
),

-- "abzüglich Abschlagsrechnung AR-71": the number stands there as a word of its own
named as (
    select distinct pairs.final_id, pairs.part_id, lines.line_id
    from pairs
    inner join lines
        on
            pairs.final_id = lines.final_id
            and length(pairs.part_number) >= 3
            and regexp_replace(' ' || lines.label || ' ', '[ ,;:()/]+', ' ')
            like '% ' || regexp_replace(lower(pairs.part_number), '[ ,;:()/]+', ' ') || ' %'
),

-- lines that name no part take off parts over the same sum, each one
anonymous as (
    select lines.*
    from lines
    left join named on lines.line_id = named.line_id
    where named.line_id is null
),

counted_lines as (
    select final_id, gross_amount, net_amount, count(*) as line_count
    from anonymous
    group by final_id, gross_amount, net_amount
),

unnamed_pairs as (
    select
        pairs.*,
        row_number() over (partition by pairs.final_id, pairs.part_amount order by pairs.part_date, lpad(pairs.part_id, 20, '0')) as part_rank
    from pairs
    left join named on pairs.final_id = named.final_id and pairs.part_id = named.part_id
    where named.part_id is null
),

matched as (
    select unnamed_pairs.final_id, unnamed_pairs.part_id
    from unnamed_pairs
    inner join counted_lines
        on
            unnamed_pairs.final_id = counted_lines.final_id
            and (
                unnamed_pairs.part_amount = counted_lines.gross_amount
                or unnamed_pairs.part_net_amount = counted_lines.net_amount
            )
            and unnamed_pairs.part_rank <= counted_lines.line_count
),

line_sums as (
    select final_id, sum(gross_amount) as gross_amount, sum(net_amount) as net_amount
    from anonymous
    group by final_id
),

all_at_once as (
    select pairs.final_id, pairs.part_id
    from pairs
    inner join sums on pairs.final_id = sums.final_id
    inner join line_sums
        on
            sums.final_id = line_sums.final_id
            and (sums.parts_amount = line_sums.gross_amount or sums.parts_net_amount = line_sums.net_amount)
)

select final_id, part_id from named
union distinct
select final_id, part_id from matched
union distinct
select final_id, part_id from all_at_once
