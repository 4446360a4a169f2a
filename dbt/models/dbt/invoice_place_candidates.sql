{#- Country, postal code and city of every invoice as they are written, with where each came from: the country that the text names before the one that sevDesk
    presets, the address fields before the text, and the customer's own address last. -#}
{{ config(materialized='table') }}

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

decisions as (
    select document_id, city, country_code
    from {{ ref('document_decisions') }}
    where document_kind = 'invoice' and city is not null
),

read as (
    select
        invoices.invoice_id,
        countries.country_code as given_country_code,
        texts.text_country_code,
        texts.code_country_code,
        contacts.country_code as contact_country_code,
        decisions.country_code as decided_country_code,
        decisions.city as decided_city,
        case when {{ has_letters('invoices.address_city') }} then invoices.address_city end as field_city,
        invoices.address_zip as field_zip,
        texts.city as text_city,
        texts.zip as text_zip,
        contacts.city as contact_city,
        contacts.zip as contact_zip
    from invoices
    left join countries on invoices.address_country_id = countries.country_id
    left join texts on invoices.invoice_id = texts.invoice_id
    left join contacts on invoices.contact_id = contacts.contact_id
    left join decisions on invoices.invoice_id = decisions.document_id
    qualify row_number() over (partition by invoices.invoice_id order by countries.country_id) = 1
),

sourced as (
    select
        *,
        case
            when decided_city is not null then 'decision'
            when text_country_code is not null and text_country_code is distinct from given_country_code then 'address_text'
            when code_country_code is not null and coalesce(given_country_code, '{{ var("preset_country") }}') = '{{ var("preset_country") }}' then 'postal_code'
            when given_country_code is not null then 'address_country'
            when contact_country_code is not null then 'contact_address'
            else 'unknown'
        end as country_source,
        case
            when decided_city is not null then 'decision'
            when field_city is not null then 'address_city'
            when {{ has_letters('text_city') }} then 'address_text'
            when coalesce(field_zip, text_zip) is not null and contact_city is null then 'postal_code'
            when contact_city is not null then 'contact_address'
            else 'unknown'
        end as city_source
    from read
)

select
    invoice_id,
    text_country_code,
    country_source,
    city_source,
    contact_city,
    contact_zip,
    coalesce(
        case country_source
            when 'decision' then decided_country_code
            when 'address_text' then text_country_code
            when 'postal_code' then code_country_code
            when 'address_country' then given_country_code
            when 'contact_address' then contact_country_code
        end, given_country_code, 'ZZ'
    ) as country_code,
    case city_source
        when 'address_city' then coalesce(field_zip, text_zip)
        when 'address_text' then coalesce(text_zip, field_zip)
        when 'postal_code' then coalesce(field_zip, text_zip)
        when 'contact_address' then contact_zip
    end as zip,
    case city_source
        when 'decision' then decided_city
        when 'address_city' then field_city
        when 'address_text' then text_city
        when 'contact_address' then contact_city
    end as city
from sourced
