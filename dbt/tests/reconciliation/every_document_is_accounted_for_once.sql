{#- STAGING to ANALYTICS: each invoice and each credit note is either counted or listed with the reason why not, and that once. -#}
with

staged as (
    select 'invoice' as document_kind, invoice_id as document_id, invoice_number as document_number from {{ ref('invoices_stg') }}
    union all
    select 'credit_note' as document_kind, credit_note_id as document_id, credit_note_number as document_number from {{ ref('credit_notes_stg') }}
),

accounted as (
    select 'invoice' as document_kind, invoice_id as document_id from {{ ref('next_invoices_summary') }}
    union all
    select 'credit_note' as document_kind, credit_note_id as document_id from {{ ref('next_credit_notes_summary') }}
    union all
    select document_kind, document_id
    from {{ ref('next_invoices_excluded') }}
    where exclusion_reason is not null
),

counted as (
    select document_kind, document_id, count(*) as times
    from accounted
    group by document_kind, document_id
)

select
    case coalesce(staged.document_kind, counted.document_kind) when 'invoice' then 'Invoice ' else 'Credit note ' end
    || coalesce(staged.document_number, staged.document_id, counted.document_id)
    || case
        when counted.document_id is null then ' is neither counted nor listed as excluded: it got lost.'
        when staged.document_id is null then ' is in the figures but not in STAGING.'
        else ' is in the figures ' || counted.times || ' times.'
    end as problem
from staged
full outer join counted on staged.document_kind = counted.document_kind and staged.document_id = counted.document_id
where counted.document_id is null or staged.document_id is null or counted.times <> 1
