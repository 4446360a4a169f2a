{#- Every credit note in RAW: place of the invoice that it corrects, euro amounts, and whether it reduces revenue; where it does not, why. -#}
{{ config(materialized='table') }}

with

credit_notes as (
    select * from {{ ref('credit_note_judgements') }}
),

invoices as (
    select invoice_id, city, country_code from {{ ref('enriched') }}
),

countries as (
    select country_code, min(country_name_de) as country_name_de, min(country_name_en) as country_name_en
    from {{ ref('countries_stg') }}
    group by country_code
),

country_ids as (
    select country_id, country_code from {{ ref('countries_stg') }}
),

contact_places as (
    select * from {{ ref('contact_places') }}
),

cities as (
    select * from {{ ref('cities') }}
),

-- where no invoice is named: the customer's address
placed as (
    select
        credit_notes.*,
        invoices.city as invoice_city,
        coalesce(
            credit_notes.decided_country_code, invoices.country_code, country_ids.country_code, contact_places.country_code, 'ZZ'
        ) as country_code,
        {{ case_city(tidy_city('contact_places.city')) }} as contact_city
    from credit_notes
    left join invoices on credit_notes.corrected_invoice_id = invoices.invoice_id
    left join contact_places on credit_notes.contact_id = contact_places.contact_id
    left join country_ids on credit_notes.address_country_id = country_ids.country_id
),

grouped as (
    select
        placed.*,
        coalesce(placed.decided_city, placed.invoice_city, whole.city, district.city, placed.contact_city, 'Unknown') as city
    from placed
    left join cities as whole
        on placed.country_code = whole.country_code and lower(placed.contact_city) = whole.spelling
    left join cities as district
        on
            placed.country_code = district.country_code
            and {{ city_without_district('placed.contact_city') }} = district.spelling
            and district.has_districts
)

select
    grouped.credit_note_id,
    grouped.credit_note_number,
    grouped.corrected_invoice_id as source_invoice_id,
    grouped.contact_id,
    grouped.booking_category,
    grouped.status_code,
    grouped.decision,
    grouped.exclusion_reason is null as is_counted,
    grouped.exclusion_reason,
    grouped.city,
    grouped.country_code,
    coalesce(countries.country_name_de, case grouped.country_code when 'ZZ' then 'Unbekannt' else grouped.country_code end) as country_name_de,
    coalesce(countries.country_name_en, case grouped.country_code when 'ZZ' then 'Unknown' else grouped.country_code end) as country_name_en,
    grouped.currency,
    grouped.gross_amount_eur as credited_amount_eur,
    grouped.net_amount_eur as credited_net_amount_eur,
    grouped.estimated_gross_amount_eur,
    coalesce(
        case when grouped.currency = '{{ var("account_currency") }}' then grouped.gross_amount_as_written end,
        nullif(grouped.gross_amount_foreign_as_written, '0'),
        grouped.gross_amount_as_written
    ) as amount_as_written,
    cast(grouped.exchange_rate as number(18, 6)) as exchange_rate,
    grouped.exchange_rate_date,
    grouped.amount_source,
    grouped.has_fractions_of_a_cent,
    grouped.credit_note_date,
    grouped.credit_note_date_as_written,
    grouped.service_date,
    grouped.has_invoice,
    grouped.invoice_reason,
    grouped.invoice_cancelled_on,
    grouped.updated_at,
    grouped.deleted_at
from grouped
left join countries on grouped.country_code = countries.country_code
