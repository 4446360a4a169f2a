select
    'Invoice ' || coalesce(max(originals.invoice_number), cancellations.cancels_invoice_id) || ' is cancelled ' || count(*) || ' times, by '
    || listagg(coalesce(cancellations.invoice_number, cancellations.invoice_id), ', ') || '. It would be taken off ' || count(*) || ' times.' as problem
from {{ ref('invoices_summary') }} as cancellations
left join {{ ref('invoices_summary') }} as originals on cancellations.cancels_invoice_id = originals.invoice_id
where cancellations.cancels_invoice_id is not null
group by cancellations.cancels_invoice_id
having count(*) > 1
