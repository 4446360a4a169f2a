{%- set raw = raw_table('contacts') %}

with

source as (
    {{ live_rows(raw) }}
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
        {{ raw_instant(raw, 'update') }} as updated_at
    from source
)

select contact_id, customer_number, contact_name, updated_at
from renamed
