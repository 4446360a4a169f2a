{#- Every document and chain that somebody should look at, with the reason, what to do, and what it may be about in euro. -#}
{{ config(materialized='table') }}

with

invoices as (
    select * from {{ ref('enriched') }}
),

credit_notes as (
    select * from {{ ref('credit_notes_enriched') }}
),

contacts as (
    select contact_id, contact_name from {{ ref('contacts_stg') }}
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
),

places as (
    select * from {{ ref('invoice_places') }}
),

-- documents that do not count until somebody decides
uncounted_invoices as (
    select
        invoices.invoice_id,
        invoices.exclusion_reason as reason_code,
        case invoices.exclusion_reason
            when 'unknown_type' then 'The invoice has the type "' || coalesce(invoices.invoice_type, 'none') || '", which no rule covers.'
            when 'unknown_status' then 'The invoice has the status "' || coalesce(invoices.status_code, 'none') || '", which no rule covers.'
            when 'unreadable_amount' then 'The amount "' || coalesce(invoices.amount_as_written, '') || '" or another sum of it is not a number.'
            when 'impossible_date' then 'The invoice date "' || coalesce(invoices.invoice_date_as_written, 'none') || '" cannot be right.'
            when 'no_rate'
                then 'There is no exchange rate for ' || coalesce(invoices.currency, 'no currency') || ' on '
                || coalesce(cast(invoices.invoice_date as varchar), 'an unknown day')
                || ' or the {{ var("max_rate_age_days") }} days before it.'
            else reasons.explanation
        end as reason,
        invoices.estimated_amount_eur as estimated_effect_eur
    from invoices
    inner join reasons on invoices.exclusion_reason = reasons.exclusion_reason and reasons.needs_review
),

uncounted_credit_notes as (
    select
        credit_notes.credit_note_id,
        credit_notes.exclusion_reason as reason_code,
        case credit_notes.exclusion_reason
            when 'unknown_booking_category'
                then 'The credit note has the booking category "' || coalesce(credit_notes.booking_category, 'none') || '", which no rule covers.'
            when 'unknown_status' then 'The credit note has the status "' || coalesce(credit_notes.status_code, 'none') || '", which no rule covers.'
            when 'unreadable_amount' then 'The amount "' || coalesce(credit_notes.amount_as_written, '') || '" or another sum of it is not a number.'
            when 'impossible_date' then 'The date "' || coalesce(credit_notes.credit_note_date_as_written, 'none') || '" cannot be right.'
            when 'no_rate'
                then 'There is no exchange rate for ' || coalesce(credit_notes.currency, 'no currency') || ' on '
                || coalesce(cast(credit_notes.credit_note_date as varchar), 'an unknown day')
                || ' or the {{ var("max_rate_age_days") }} days before it.'
            else reasons.explanation
        end as reason,
        -credit_notes.estimated_gross_amount_eur as estimated_effect_eur
    from credit_notes
    inner join reasons on credit_notes.exclusion_reason = reasons.exclusion_reason and reasons.needs_review
),

same_number as (
    select
        invoice_id,
        'same_number' as reason_code,
        count(*) over (partition by invoice_number) || ' invoices have the number ' || invoice_number || '. All of them count.' as reason,
        total_amount_eur as estimated_effect_eur
    from invoices
    where is_counted and invoice_number is not null
    qualify count(*) over (partition by invoice_number) > 1
),

-- own sums in euro that differ from the ECB's rate by more than `rate_difference_to_warn`
own_rates as (
    select
        stated.invoice_id,
        'own_rate_differs' as reason_code,
        cast(stated.gross_amount_foreign as varchar) || ' ' || stated.currency || ' are ' || cast(stated.gross_amount as varchar) || ' EUR in sevDesk, but '
        || cast(cast(stated.gross_amount_foreign / rates.rate as number(18, 2)) as varchar) || ' EUR at the ECB rate of that day. sevDesk''s figure counts.' as reason,
        cast(stated.gross_amount - stated.gross_amount_foreign / rates.rate as number(18, 2)) as estimated_effect_eur
    from {{ ref('invoices_stg') }} as stated
    inner join {{ ref('exchange_rates_stg') }} as rates
        on
            stated.currency = rates.currency
            and stated.invoice_date between rates.rate_date and rates.valid_until
            and rates.rate_source = 'ecb'
    where
        stated.currency <> '{{ var("account_currency") }}'
        and '{{ var("account_currency") }}' = 'EUR'
        and stated.gross_amount <> 0
        and stated.gross_amount_foreign <> 0
        and stated.gross_amount <> stated.gross_amount_foreign
        and abs(stated.gross_amount - stated.gross_amount_foreign / rates.rate) > {{ var('rate_difference_to_warn') }} * abs(stated.gross_amount_foreign / rates.rate)
),

counted_invoice_findings as (
    select * from same_number

    union all

    select * from own_rates

    union all

    select
        invoices.invoice_id,
        'zip_contradicts_city' as reason_code,
        'The postal code ' || places.zip || ' belongs to ' || places.zip_city || ', but the address says ' || places.city_as_written || '.' as reason,
        invoices.total_amount_eur as estimated_effect_eur
    from invoices
    inner join places on invoices.invoice_id = places.invoice_id
    where places.zip_contradicts_city and not invoices.is_cancellation

    union all

    select
        invoice_id,
        'cancellation_without_invoice' as reason_code,
        'The cancellation names no invoice that is in the data. It is taken off in ' || city || '.' as reason,
        total_amount_eur as estimated_effect_eur
    from invoices
    where is_cancellation and cancels_invoice_id is null

    union all

    select
        invoice_id,
        'negative_invoice' as reason_code,
        'The invoice has the negative total ' || cast(total_amount_document as varchar) || ' ' || currency || ' although it is no cancellation.' as reason,
        total_amount_eur as estimated_effect_eur
    from invoices
    where not is_cancellation and total_amount_document < 0

    union all

    select invoice_id, 'fractions_of_a_cent' as reason_code, 'An amount is not a whole number of cents; it was rounded.' as reason, 0.01 as estimated_effect_eur
    from invoices
    where has_fractions_of_a_cent

    union all

    select
        invoice_id, 'impossible_service_date' as reason_code, 'The service date cannot be right. The invoice date stands in for it.' as reason,
        total_amount_eur as estimated_effect_eur
    from invoices
    where has_impossible_service_date
),

credited as (
    select
        source_invoice_id,
        sum(credited_amount_eur) as amount_eur
    from credit_notes
    where is_counted
    group by source_invoice_id
),

counted_credit_note_findings as (
    select
        credit_notes.credit_note_id,
        case
            when credit_notes.invoice_cancelled_on is not null then 'cancelled_after_credit'
            when credit_notes.source_invoice_id is null or invoices.invoice_id is null then 'credit_without_invoice'
            else 'credit_exceeds_invoice'
        end as reason_code,
        case
            when credit_notes.invoice_cancelled_on is not null
                then 'Its invoice was cancelled in full on ' || cast(credit_notes.invoice_cancelled_on as varchar) || ', after it had been credited.'
            when credit_notes.source_invoice_id is null or invoices.invoice_id is null
                then 'The credit note names no invoice that is in the data. It is taken off in ' || credit_notes.city || '.'
            else 'The credit notes add up to ' || cast(credited.amount_eur as varchar) || ' EUR, more than the invoice '
                || coalesce(invoices.invoice_number, invoices.invoice_id) || ' over '
                || cast(invoices.total_amount_eur + invoices.billed_before_amount_eur as varchar) || ' EUR.'
        end as reason,
        -credit_notes.credited_amount_eur as estimated_effect_eur
    from credit_notes
    left join invoices on credit_notes.source_invoice_id = invoices.invoice_id
    left join credited on credit_notes.source_invoice_id = credited.source_invoice_id
    where
        credit_notes.is_counted
        and credit_notes.decision is null
        and (
            credit_notes.invoice_cancelled_on is not null
            or credit_notes.source_invoice_id is null
            or invoices.invoice_id is null
            or credited.amount_eur > invoices.total_amount_eur + invoices.billed_before_amount_eur
        )
),

findings as (
    select 'invoice' as document_kind, invoice_id as document_id, reason_code, reason, estimated_effect_eur, false as is_counted
    from uncounted_invoices

    union all

    select 'credit_note' as document_kind, credit_note_id as document_id, reason_code, reason, estimated_effect_eur, false as is_counted
    from uncounted_credit_notes

    union all

    select 'invoice' as document_kind, found.invoice_id as document_id, found.reason_code, found.reason, found.estimated_effect_eur, true as is_counted
    from counted_invoice_findings as found
    inner join invoices on found.invoice_id = invoices.invoice_id and invoices.is_counted and invoices.decision is null

    union all

    select 'credit_note' as document_kind, credit_note_id as document_id, reason_code, reason, estimated_effect_eur, true as is_counted
    from counted_credit_note_findings
),

documents as (
    select
        'invoice' as document_kind, invoice_id as document_id, invoice_number as document_number, invoice_type as document_type, invoice_date as document_date,
        contact_name, amount_as_written, currency, city, country_code
    from invoices

    union all

    select
        'credit_note' as document_kind, credit_notes.credit_note_id as document_id, credit_notes.credit_note_number as document_number,
        credit_notes.booking_category as document_type, credit_notes.credit_note_date as document_date, coalesce(contacts.contact_name, 'Unknown') as contact_name,
        credit_notes.amount_as_written, credit_notes.currency, credit_notes.city, credit_notes.country_code
    from credit_notes
    left join contacts on credit_notes.contact_id = contacts.contact_id
),

listed as (
    select
        findings.document_kind,
        findings.document_id,
        documents.document_number,
        documents.document_type,
        documents.document_date,
        documents.contact_name,
        findings.reason_code,
        findings.reason,
        documents.amount_as_written,
        documents.currency,
        cast(findings.estimated_effect_eur as number(18, 2)) as estimated_effect_eur,
        findings.is_counted,
        documents.city,
        documents.country_code
    from findings
    inner join documents on findings.document_kind = documents.document_kind and findings.document_id = documents.document_id

    union all

    select
        'chain' as document_kind,
        chains.chain_id as document_id,
        chains.order_number as document_number,
        'Order' as document_type,
        chains.last_date as document_date,
        finals.contact_name,
        chains.reason_code,
        chains.reason,
        cast(chains.finals_amount as varchar) as amount_as_written,
        chains.currency,
        cast(chains.estimated_effect_eur as number(18, 2)) as estimated_effect_eur,
        true as is_counted,
        finals.city,
        finals.country_code
    from {{ ref('chains_to_review') }} as chains
    left join invoices as finals on chains.final_id = finals.invoice_id

    union all

    select
        decisions.document_kind,
        decisions.document_id,
        null as document_number,
        null as document_type,
        null as document_date,
        null as contact_name,
        'decision_without_document' as reason_code,
        'overrides/document_decisions.csv decides on a document that is not in the data.' as reason,
        null as amount_as_written,
        null as currency,
        cast(null as number(18, 2)) as estimated_effect_eur,
        true as is_counted,
        'Unknown' as city,
        'ZZ' as country_code
    from {{ ref('document_decisions') }} as decisions
    left join documents on decisions.document_kind = documents.document_kind and decisions.document_id = documents.document_id
    where documents.document_id is null
)

select
    listed.document_kind,
    listed.document_id,
    listed.document_number,
    listed.document_type,
    listed.document_date,
    listed.contact_name,
    listed.reason_code,
    listed.reason,
    advice.what_to_do,
    listed.amount_as_written,
    listed.currency,
    listed.estimated_effect_eur,
    listed.is_counted,
    listed.city,
    listed.country_code
from listed
left join {{ ref('review_reasons') }} as advice on listed.reason_code = advice.reason_code
