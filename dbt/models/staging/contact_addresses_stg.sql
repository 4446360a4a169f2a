{%- set raw = raw_table('contact_addresses') %}

with

source as (
    {{ live_rows(raw) }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as contact_address_id,
        {{ raw_text(raw, 'contact_id') }} as contact_id,
        {{ raw_text(raw, 'category_id', required=false) }} as category_id,
        {{ raw_text(raw, 'country_id', required=false) }} as country_id,
        {{ raw_text(raw, 'zip') }} as zip,
        {{ raw_text(raw, 'city') }} as city,
        {{ raw_instant(raw, 'update') }} as updated_at
    from source
)

select contact_address_id, contact_id, category_id, country_id, zip, city, updated_at
from renamed
