{%- set raw = raw_table('orders') %}

with

source as (
    {{ live_rows(raw) }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as order_id,
        {{ raw_text(raw, 'orderNumber', required=false) }} as order_number,
        upper({{ raw_text(raw, 'currency', required=false) }}) as currency,
        {{ raw_amount(raw, 'sumGross') }} as gross_amount,
        {{ raw_amount(raw, 'sumGrossForeignCurrency', required=false) }} as gross_amount_foreign,
        {{ raw_instant(raw, 'update') }} as updated_at
    from source
)

select order_id, order_number, currency, gross_amount, gross_amount_foreign, updated_at
from renamed
