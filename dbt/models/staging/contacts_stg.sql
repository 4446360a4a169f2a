{%- set raw = raw_table('contacts') %}

with

source as (
    select * from {{ raw_from(raw) }}
    qualify {{ newest_by(raw, 'id') }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as contact_id,
        {{ raw_text(raw, 'customerNumber', required=false) }} as customer_number,
        -- organisations have a name, persons a first and a family name (spelt surename by sevDesk)
        coalesce(
            {{ raw_text(raw, 'name') }},
            nullif(trim(coalesce({{ raw_text(raw, 'surename', required=false) }}, '') || ' ' || coalesce({{ raw_text(raw, 'familyname', required=false) }}, '')), '')
        ) as contact_name,
        {{ raw_instant(raw, 'update') }} as updated_at,
        {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} as deleted_at
    from source
)

select contact_id, customer_number, contact_name, updated_at
from renamed
where deleted_at is null
