{{ config(severity='warn') }}

select
    'Credit note ' || coalesce(credits.credit_note_number, credits.credit_note_id) || ' over ' || cast(credits.credited_amount_eur as varchar) || ' EUR '
    || case
        when invoices.invoice_id is null then 'names no invoice that counts; it is taken off in ' || credits.city || '.'
        else 'is larger than the invoice ' || coalesce(invoices.invoice_number, invoices.invoice_id) || ' over '
            || cast(invoices.total_amount_eur as varchar) || ' EUR that it corrects.'
    end as problem
from {{ ref('credit_notes_summary') }} as credits
left join {{ ref('invoices_summary') }} as invoices on credits.source_invoice_id = invoices.invoice_id
where invoices.invoice_id is null or credits.credited_amount_eur > invoices.total_amount_eur
