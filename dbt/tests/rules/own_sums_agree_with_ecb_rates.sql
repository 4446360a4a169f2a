{{ config(severity='warn') }}
{#- Where sevDesk gives both sums of a document in another currency, its own euro sum counts; the ECB's rate checks it. -#}

with

documents as (
    select invoice_id, invoice_number, invoice_date, currency, gross_amount, gross_amount_foreign
    from {{ ref('invoices_stg') }}
    where
        currency <> '{{ var("account_currency") }}'
        and gross_amount <> 0
        and gross_amount_foreign <> 0
        and gross_amount <> gross_amount_foreign
        and invoice_type in ({{ counted_types() }})
        and status_code in ({{ counted_statuses() }})
        and deleted_at is null
        and '{{ var("account_currency") }}' = 'EUR'
),

compared as (
    select documents.*, documents.gross_amount_foreign / rates.rate as gross_amount_at_ecb_rate
    from documents
    inner join {{ ref('exchange_rates_stg') }} as rates
        on documents.currency = rates.currency and documents.invoice_date between rates.rate_date and rates.valid_until
)

select
    'Invoice ' || coalesce(invoice_number, invoice_id) || ' of ' || cast(invoice_date as varchar) || ' over ' || cast(gross_amount_foreign as varchar) || ' ' || currency
    || ' is ' || cast(gross_amount as varchar) || ' EUR in sevDesk, but ' || cast(cast(gross_amount_at_ecb_rate as number(18, 2)) as varchar)
    || ' EUR at the ECB rate of that day. sevDesk''s figure counts; check the rate that was entered.' as problem
from compared
where abs(gross_amount - gross_amount_at_ecb_rate) > {{ var('rate_difference_to_warn') }} * abs(gross_amount_at_ecb_rate)
