select
    'Cancellation ' || coalesce(invoice_number, invoice_id) || ' has the positive sum ' || cast(gross_amount as varchar)
    || '. sevDesk writes cancellations with negative sums; a positive one may be an invoice with the wrong type.' as problem
from {{ ref('invoices_stg') }}
where
    invoice_type = 'SR'
    and status_code in ({{ counted_statuses() }})
    and deleted_at is null
    and coalesce(nullif(gross_amount, 0), gross_amount_foreign) > 0
