{#- Every invoice with its euro amounts, and why it cannot count by itself; null where it can. Chains, cancellations and credit notes come after.
    A table, since all of them read it. -#}
{{ config(materialized='table') }}

with

invoices as (
    select * from {{ ref('invoices_decided') }}
),

amounts as (
    select * from {{ ref('invoice_amounts') }}
)

select
    invoices.* exclude (decided_gross_amount_eur, decided_net_amount_eur, gross_amount, net_amount, gross_amount_foreign, net_amount_foreign, paid_amount),
    amounts.sum_currency,
    amounts.document_amount,
    amounts.document_net_amount,
    amounts.exchange_rate,
    amounts.exchange_rate_date,
    amounts.amount_source,
    amounts.gross_amount_eur,
    amounts.net_amount_eur,
    amounts.estimated_gross_amount_eur,
    amounts.paid_amount_eur,
    case
        when invoices.decision = 'exclude' then 'excluded_by_decision'
        when invoices.deleted_at is not null then 'deleted'
        when invoices.invoice_type = 'WKR' then 'recurring_template'
        when invoices.invoice_type = 'MA' then 'reminder'
        when coalesce(invoices.invoice_type, '') not in ({{ counted_types() }}) and invoices.decision is distinct from 'count' then 'unknown_type'
        when invoices.status_code = '50' then 'deactivated'
        when invoices.status_code = '100' then 'draft'
        when coalesce(invoices.status_code, '') not in ({{ counted_statuses() }}) and invoices.decision is distinct from 'count' then 'unknown_status'
        when amounts.gross_amount_eur is not null and amounts.amount_source = 'decision' and invoices.invoice_date is not null then null
        when invoices.has_unreadable_amount then 'unreadable_amount'
        when invoices.invoice_date is null then 'impossible_date'
        when amounts.document_amount is null or amounts.document_net_amount is null then 'no_amount'
        when amounts.gross_amount_eur is null or amounts.net_amount_eur is null then 'no_rate'
    end as own_reason
from invoices
inner join amounts on invoices.invoice_id = amounts.invoice_id
