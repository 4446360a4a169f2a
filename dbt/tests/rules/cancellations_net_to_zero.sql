{{ config(severity='warn') }}

select
    'Cancellation ' || coalesce(cancellations.invoice_number, cancellations.invoice_id) || ' takes off ' || cast(-cancellations.total_amount_eur as varchar)
    || ' EUR, but the invoice ' || coalesce(originals.invoice_number, originals.invoice_id) || ' that it cancels was over ' || cast(originals.total_amount_eur as varchar)
    || ' EUR.' as problem
from {{ ref('invoices_summary') }} as cancellations
inner join {{ ref('invoices_summary') }} as originals on cancellations.cancels_invoice_id = originals.invoice_id
where cancellations.total_amount_eur + originals.total_amount_eur <> 0
