with

documents as (
    select
        'invoice' as document_kind,
        invoice_id as document_id,
        invoice_number as document_number,
        invoice_type as document_type,
        status_code as document_status,
        invoice_date as document_date,
        contact_id,
        currency,
        total_amount_eur,
        case when exclusion_reason = 'reminder' then reminder_charge_eur end as reminder_charge_eur,
        exclusion_reason,
        updated_at
    from {{ ref('enriched') }}
    where not is_counted

    union all

    select
        'credit_note' as document_kind,
        credit_note_id as document_id,
        credit_note_number as document_number,
        booking_category as document_type,
        status_code as document_status,
        credit_note_date as document_date,
        contact_id,
        currency,
        credited_amount_eur as total_amount_eur,
        null as reminder_charge_eur,
        exclusion_reason,
        updated_at
    from {{ ref('credit_notes_enriched') }}
    where not is_counted
),

reasons as (
    select * from {{ ref('exclusion_reasons') }}
)

select
    documents.document_kind,
    documents.document_id,
    documents.document_number,
    documents.document_type,
    documents.document_status,
    documents.document_date,
    documents.contact_id,
    documents.currency,
    documents.total_amount_eur,
    cast(documents.reminder_charge_eur as number(18, 2)) as reminder_charge_eur,
    documents.exclusion_reason,
    reasons.explanation,
    documents.updated_at
from documents
left join reasons on documents.exclusion_reason = reasons.exclusion_reason
