{#- What was published of every document, one row each: whether it counts, and with which amounts, in which place and by which decision. -#}
{{ config(materialized='view') }}
-- depends_on: {{ ref('publication') }}
select
    'invoice-' || summary.invoice_id as document_key,
    'invoice' as document_kind,
    summary.invoice_id as document_id,
    summary.invoice_number as document_number,
    true as is_counted,
    cast(null as varchar) as exclusion_reason,
    decisions.decision,
    summary.invoice_date as document_date,
    summary.service_date,
    summary.city,
    summary.country_code,
    summary.total_amount_eur,
    summary.net_amount_eur,
    summary.open_amount_eur
from {{ ref('invoices_summary') }} as summary
left join {{ ref('document_decisions') }} as decisions on summary.invoice_id = decisions.document_id and decisions.document_kind = 'invoice'

union all

select
    'credit_note-' || notes.credit_note_id as document_key,
    'credit_note' as document_kind,
    notes.credit_note_id as document_id,
    notes.credit_note_number as document_number,
    true as is_counted,
    cast(null as varchar) as exclusion_reason,
    decisions.decision,
    notes.credit_note_date as document_date,
    notes.service_date,
    notes.city,
    notes.country_code,
    -notes.credited_amount_eur as total_amount_eur,
    -notes.credited_net_amount_eur as net_amount_eur,
    0 as open_amount_eur
from {{ ref('credit_notes_summary') }} as notes
left join {{ ref('document_decisions') }} as decisions on notes.credit_note_id = decisions.document_id and decisions.document_kind = 'credit_note'

union all

select
    excluded.document_kind || '-' || excluded.document_id as document_key,
    excluded.document_kind,
    excluded.document_id,
    excluded.document_number,
    false as is_counted,
    excluded.exclusion_reason,
    decisions.decision,
    excluded.document_date,
    cast(null as date) as service_date,
    cast(null as varchar) as city,
    cast(null as varchar) as country_code,
    0 as total_amount_eur,
    0 as net_amount_eur,
    0 as open_amount_eur
from {{ ref('invoices_excluded') }} as excluded
left join {{ ref('document_decisions') }} as decisions
    on excluded.document_id = decisions.document_id and excluded.document_kind = decisions.document_kind
