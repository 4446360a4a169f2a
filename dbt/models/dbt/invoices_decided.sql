{#- Every invoice with what somebody decided on it in overrides/document_decisions.csv, and with dates that can be. -#}
with

invoices as (
    select * from {{ ref('invoices_stg') }}
),

decisions as (
    select * from {{ ref('document_decisions') }}
    where document_kind = 'invoice'
),

contacts as (
    select contact_id, contact_name, customer_number from {{ ref('contacts_stg') }}
),

dated as (
    select
        invoices.* exclude (invoice_date, delivered_on, written_at),
        decisions.decision,
        decisions.gross_amount_eur as decided_gross_amount_eur,
        decisions.net_amount_eur as decided_net_amount_eur,
        contacts.contact_name,
        contacts.customer_number,
        coalesce(decisions.document_date, case when {{ is_plausible_date('invoices.invoice_date') }} then invoices.invoice_date end) as invoice_date,
        case when {{ is_plausible_date('invoices.delivered_on') }} then invoices.delivered_on end as delivered_on,
        invoices.delivered_on is not null and not {{ is_plausible_date('invoices.delivered_on') }} as has_impossible_service_date
    from invoices
    left join decisions on invoices.invoice_id = decisions.document_id
    left join contacts on invoices.contact_id = contacts.contact_id
)

select *, coalesce(delivered_on, invoice_date) as service_date
from dated
