select
    credit_note_id,
    credit_note_number,
    credit_note_date,
    cast(date_trunc('month', credit_note_date) as date) as credit_note_month,
    service_date,
    source_invoice_id,
    contact_id,
    city,
    country_code,
    country_name_de,
    country_name_en,
    currency,
    credited_amount_eur,
    credited_net_amount_eur,
    exchange_rate,
    exchange_rate_date,
    amount_source,
    updated_at
from {{ ref('credit_notes_enriched') }}
where is_counted
