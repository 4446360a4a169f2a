{#- Every document that makes up revenue, one row each: counted invoices add, credit notes take off. What both rankings and the months add up. -#}
select
    'invoice' as document_kind,
    invoice_id as document_id,
    invoice_number as document_number,
    invoice_date as document_date,
    service_date,
    city,
    country_code,
    country_name_de,
    country_name_en,
    total_amount_eur as invoiced_amount_eur,
    cast(0 as number(18, 2)) as credited_amount_eur,
    total_amount_eur,
    net_amount_eur,
    case when counts_as_invoice then paid_amount_eur else 0 end as paid_amount_eur,
    open_amount_eur,
    case when counts_as_invoice then 1 else 0 end as invoice_count
from {{ ref('next_invoices_summary') }}

union all

select
    'credit_note' as document_kind,
    credit_note_id as document_id,
    credit_note_number as document_number,
    credit_note_date as document_date,
    service_date,
    city,
    country_code,
    country_name_de,
    country_name_en,
    cast(0 as number(18, 2)) as invoiced_amount_eur,
    credited_amount_eur,
    -credited_amount_eur as total_amount_eur,
    -credited_net_amount_eur as net_amount_eur,
    0 as paid_amount_eur,
    0 as open_amount_eur,
    0 as invoice_count
from {{ ref('next_credit_notes_summary') }}
