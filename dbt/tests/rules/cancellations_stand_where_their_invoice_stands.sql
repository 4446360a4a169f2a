select
    'Cancellation ' || coalesce(cancellations.invoice_number, cancellations.invoice_id) || ' is counted in ' || cancellations.city || ', but the invoice '
    || coalesce(originals.invoice_number, originals.invoice_id) || ' that it cancels in ' || originals.city || '.' as problem
from {{ ref('next_invoices_summary') }} as cancellations
inner join {{ ref('next_invoices_summary') }} as originals on cancellations.cancels_invoice_id = originals.invoice_id
where cancellations.city <> originals.city or cancellations.country_code <> originals.country_code
