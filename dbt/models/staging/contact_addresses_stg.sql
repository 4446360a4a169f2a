{%- set raw = raw_table('contact_addresses') %}

with

source as (
    select * from {{ raw_from(raw) }}
    qualify {{ newest_by(raw, 'id') }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as contact_address_id,
        {{ raw_text(raw, 'contact_id') }} as contact_id,
        {{ raw_text(raw, 'category_id', required=false) }} as category_id,
        {{ raw_text(raw, 'country_id', required=false) }} as country_id,
        {{ raw_text(raw, 'zip') }} as zip,
        {{ raw_text(raw, 'city') }} as city,
        {{ raw_instant(raw, 'update') }} as updated_at,
        {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} as deleted_at
    from source
)

select contact_address_id, contact_id, category_id, country_id, zip, city, updated_at
from renamed
where deleted_at is null
