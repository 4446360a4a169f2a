{%- set raw = raw_table('static_countries') %}

with

source as (
    {{ live_rows(raw) }}
),

renamed as (
    select
        {{ raw_text(raw, 'id') }} as country_id,
        upper({{ raw_text(raw, 'code') }}) as country_code,
        {{ raw_text(raw, 'name') }} as country_name_de,
        {{ raw_text(raw, 'nameEn', required=false) }} as country_name_en
    from source
)

select country_id, country_code, country_name_de, coalesce(country_name_en, country_name_de) as country_name_en
from renamed
