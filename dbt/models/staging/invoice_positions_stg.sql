{%- set raw = raw_table('invoice_positions') %}

with

source as (
    {{ live_rows(raw) }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as invoice_position_id,
        {{ raw_text(raw, 'invoice_id') }} as invoice_id,
        coalesce({{ raw_text(raw, 'name') }}, '') || ' ' || coalesce({{ raw_text(raw, 'text', required=false) }}, '') as label,
        coalesce({{ raw_number(raw, 'quantity', 18, 4, required=false) }}, 1) as quantity,
        coalesce({{ raw_number(raw, 'priceNet', 18, 4, required=false) }}, {{ raw_number(raw, 'price', 18, 4) }}) as net_price,
        {{ raw_number(raw, 'priceGross', 18, 4, required=false) }} as gross_price
    from source
)

select
    invoice_position_id,
    invoice_id,
    label,
    cast(round(net_price * quantity, 2) as number(18, 2)) as net_amount,
    cast(round(gross_price * quantity, 2) as number(18, 2)) as gross_amount
from renamed
