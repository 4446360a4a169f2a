select
    case document_kind when 'invoice' then 'Invoice ' else 'Credit note ' end || coalesce(document_number, document_id) || ' has the type "'
    || coalesce(document_type, 'none') || '" and the status "' || coalesce(document_status, 'none') || '". ' || explanation as problem
from {{ ref('invoices_excluded') }}
where exclusion_reason in ('unknown_type', 'unknown_status', 'unknown_booking_category')
