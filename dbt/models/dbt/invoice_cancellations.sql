{#- Which invoice each cancellation invoice (SR) cancels. Drafts and deleted cancellations cancel nothing. -#}
with

invoices as (
    select * from {{ ref('invoices_decided') }}
)

select
    cancellations.invoice_id as cancellation_id,
    originals.invoice_id as cancelled_invoice_id,
    originals.invoice_date as cancelled_invoice_date
from invoices as cancellations
inner join invoices as originals
    on cancellations.origin_id = originals.invoice_id and cancellations.origin_type = 'Invoice'
where
    cancellations.invoice_type = 'SR'
    and cancellations.status_code in ({{ counted_statuses() }})
    and cancellations.deleted_at is null
