{{ config(severity='warn') }}

select
    'Invoice ' || coalesce(invoice_number, invoice_id) || ' of ' || cast(invoice_date as varchar) || ' has the negative total ' || cast(total_amount_eur as varchar)
    || ' EUR although it is no cancellation. Refunds belong in a cancellation or a credit note.' as problem
from {{ ref('invoices_summary') }}
where not is_cancellation and total_amount_eur < 0
