{#- City and country of every invoice, with where each came from: the address fields, else the address text, else the customer's address, else Unknown.
    Reading addresses is the dearest part of a build, so the result is kept, and written only where it differs. -#}
{{ config(materialized='incremental', incremental_strategy='sync', unique_key='invoice_id', on_schema_change='sync_all_columns') }}

with

invoices as (
    select invoice_id, contact_id, address_country_id, address_city, address_zip
    from {{ ref('invoices_stg') }}
),

texts as (
    select * from {{ ref('invoice_addresses') }}
),

contacts as (
    select * from {{ ref('contact_places') }}
),

countries as (
    select * from {{ ref('countries_stg') }}
),

cities as (
    select * from {{ ref('cities') }}
),

candidates as (
    select
        invoices.invoice_id,
        coalesce(countries.country_code, texts.text_country_code, contacts.country_code, 'ZZ') as country_code,
        case
            when countries.country_code is not null then 'address_country'
            when texts.text_country_code is not null then 'address_text'
            when contacts.country_code is not null then 'contact_address'
            else 'unknown'
        end as country_source,
        texts.text_country_code,
        case
            when {{ has_letters('invoices.address_city') }} then 'address_city'
            when {{ has_letters('texts.city') }} then 'address_text'
            when contacts.city is not null then 'contact_address'
            else 'unknown'
        end as city_source,
        case city_source
            when 'address_city' then invoices.address_city
            when 'address_text' then texts.city
            when 'contact_address' then contacts.city
            else 'Unknown'
        end as city,
        case city_source
            when 'address_city' then coalesce(invoices.address_zip, texts.zip)
            when 'address_text' then texts.zip
            when 'contact_address' then contacts.zip
        end as zip
    from invoices
    left join countries on invoices.address_country_id = countries.country_id
    left join texts on invoices.invoice_id = texts.invoice_id
    left join contacts on invoices.contact_id = contacts.contact_id
),

tidied as (
    select * exclude (city), {{ tidy_city('city') }} as city
    from candidates
),

spelt as (
    select * exclude (city), {{ case_city('city') }} as city
    from tidied
),

-- "Berlin-Mitte" and "Berlin (Wedding)" are looked up as they stand, then as "Berlin": grouped there when Berlin has districts
grouped as (
    select
        spelt.*,
        coalesce(whole.city, district.city, spelt.city) as city_group
    from spelt
    left join cities as whole
        on spelt.country_code = whole.country_code and lower(spelt.city) = whole.spelling
    left join cities as district
        on
            spelt.country_code = district.country_code
            and {{ city_without_district('spelt.city') }} = district.spelling
            and district.has_districts
)

select
    grouped.invoice_id,
    grouped.city_group as city,
    grouped.city as city_as_written,
    grouped.city_source,
    grouped.zip,
    grouped.country_code,
    coalesce(countries.country_name_de, case grouped.country_code when 'ZZ' then 'Unbekannt' else grouped.country_code end) as country_name_de,
    coalesce(countries.country_name_en, case grouped.country_code when 'ZZ' then 'Unknown' else grouped.country_code end) as country_name_en,
    grouped.country_source,
    grouped.text_country_code,
    cast(null as varchar) as zip_city,
    false as zip_contradicts_city,
    {{ written_at() }} as written_at
from grouped
left join countries
    on grouped.country_code = countries.country_code
qualify row_number() over (partition by grouped.invoice_id order by countries.country_id) = 1
