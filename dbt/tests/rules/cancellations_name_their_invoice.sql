{{ config(severity='warn') }}

select
    'Cancellation ' || coalesce(invoice_number, invoice_id) || ' of ' || cast(invoice_date as varchar) || ' over ' || cast(total_amount_eur as varchar)
    || ' EUR names no invoice that is in the data. It is taken off in ' || city || '.' as problem
from {{ ref('invoices_summary') }}
where is_cancellation and cancels_invoice_id is null
