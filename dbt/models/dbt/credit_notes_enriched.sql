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
    select * from {{ ref('country_labels') }}
),

candidates as (
    select * from {{ ref('credit_note_place_candidates') }}
),

names as (
    select * from {{ ref('place_names') }}
),

-- where no invoice is named: the customer's address
grouped as (
    select
        credit_notes.*,
        coalesce(credit_notes.decided_country_code, invoices.country_code, candidates.country_code) as country_code,
        coalesce(credit_notes.decided_city, invoices.city, names.city_name, 'Unknown') as city
    from credit_notes
    inner join candidates on credit_notes.credit_note_id = candidates.credit_note_id
    left join invoices on credit_notes.corrected_invoice_id = invoices.invoice_id
    left join names
        on
            candidates.country_code = names.country_code
            and coalesce(candidates.zip, '') = coalesce(names.zip, '')
            and coalesce(candidates.city, '') = coalesce(names.city, '')
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
    coalesce(countries.country_name_de, grouped.country_code) as country_name_de,
    coalesce(countries.country_name_en, grouped.country_code) as country_name_en,
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
