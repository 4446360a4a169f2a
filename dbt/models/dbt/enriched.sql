{#- Every invoice in RAW, one row each: customer, place, euro amounts, and whether it counts; where it does not, why. -#}
{{ config(materialized='incremental', incremental_strategy='sync', unique_key='invoice_id', on_schema_change='sync_all_columns') }}

with

invoices as (
    select * from {{ ref('invoices_stg') }}
),

contacts as (
    select * from {{ ref('contacts_stg') }}
),

places as (
    select * from {{ ref('invoice_places') }}
),

amounts as (
    select * from {{ ref('invoice_amounts') }}
),

chains as (
    select * from {{ ref('invoice_chains') }}
),

cancellations as (
    select cancellation_id, min(cancelled_invoice_id) as cancelled_invoice_id
    from {{ ref('invoice_cancellations') }}
    group by cancellation_id
),

cancelled as (
    select distinct cancelled_invoice_id as invoice_id from {{ ref('invoice_cancellations') }}
),

-- why an invoice does not count, looking at itself and its chain
judged as (
    select
        invoices.*,
        case
            when invoices.deleted_at is not null then 'deleted'
            when invoices.invoice_type = 'WKR' then 'recurring_template'
            when invoices.invoice_type = 'MA' then 'reminder'
            when invoices.invoice_type is null or invoices.invoice_type not in ({{ counted_types() }}) then 'unknown_type'
            when invoices.status_code = '50' then 'deactivated'
            when invoices.status_code = '100' then 'draft'
            when invoices.status_code is null or invoices.status_code not in ({{ counted_statuses() }}) then 'unknown_status'
            when chains.is_contained_in_final then 'contained_in_final_invoice'
        end as own_reason,
        chains.order_id,
        chains.verdict as chain_verdict
    from invoices
    left join chains on invoices.invoice_id = chains.invoice_id
),

-- a cancellation of what never counted would take off what was never added
linked as (
    select
        judged.*,
        cancellations.cancelled_invoice_id as cancels_invoice_id,
        cancelled.invoice_id is not null as is_cancelled,
        judged.invoice_type = 'SR' as is_cancellation,
        coalesce(judged.own_reason, case when originals.own_reason is not null then 'cancels_uncounted_invoice' end) as exclusion_reason
    from judged
    left join cancellations on judged.invoice_id = cancellations.cancellation_id
    left join cancelled on judged.invoice_id = cancelled.invoice_id
    left join judged as originals on cancellations.cancelled_invoice_id = originals.invoice_id
),

-- a cancellation of the whole document takes the original's euro amounts, at the original's rate, so that both add up to 0.00
priced as (
    select
        linked.*,
        coalesce(linked.is_cancellation and abs(amounts.document_amount) = abs(originals.document_amount), false) as cancels_in_full,
        case when cancels_in_full then originals.exchange_rate else amounts.exchange_rate end as exchange_rate,
        case when cancels_in_full then originals.exchange_rate_date else amounts.exchange_rate_date end as exchange_rate_date,
        case when cancels_in_full then originals.amount_source else amounts.amount_source end as amount_source,
        case when linked.is_cancellation then -abs(amounts.document_amount) else amounts.document_amount end as total_amount_document,
        case
            when cancels_in_full then -abs(originals.gross_amount_eur)
            when linked.is_cancellation then -abs(amounts.gross_amount_eur)
            else amounts.gross_amount_eur
        end as total_amount_eur,
        case
            when cancels_in_full then -abs(originals.net_amount_eur)
            when linked.is_cancellation then -abs(amounts.net_amount_eur)
            else amounts.net_amount_eur
        end as net_amount_eur,
        case when linked.is_cancellation then 0 else amounts.paid_amount_eur end as paid_amount_eur
    from linked
    inner join amounts on linked.invoice_id = amounts.invoice_id
    left join amounts as originals on linked.cancels_invoice_id = originals.invoice_id
)

select
    -- ids
    priced.invoice_id,
    priced.invoice_number,
    priced.contact_id,
    priced.order_id,
    priced.cancels_invoice_id,

    -- kind
    priced.invoice_type,
    priced.status_code,
    case priced.status_code
        when '50' then 'deactivated' when '100' then 'draft' when '200' then 'open' when '750' then 'partially_paid' when '1000' then 'paid'
        else 'unknown'
    end as invoice_status,
    priced.exclusion_reason is null as is_counted,
    priced.exclusion_reason,
    priced.is_cancellation,
    priced.is_cancelled,
    priced.exclusion_reason is null and not priced.is_cancellation and not priced.is_cancelled as counts_as_invoice,
    priced.chain_verdict,

    -- customer
    coalesce(contacts.contact_name, 'Unknown') as contact_name,
    contacts.customer_number,

    -- place: a cancellation has that of what it cancels
    coalesce(origin_places.city, places.city) as city,
    coalesce(origin_places.city_as_written, places.city_as_written) as city_as_written,
    case when origin_places.invoice_id is not null then 'original_invoice' else places.city_source end as city_source,
    case when origin_places.invoice_id is not null then origin_places.zip else places.zip end as zip,
    coalesce(origin_places.country_code, places.country_code) as country_code,
    coalesce(origin_places.country_name_de, places.country_name_de) as country_name_de,
    coalesce(origin_places.country_name_en, places.country_name_en) as country_name_en,
    case when origin_places.invoice_id is not null then 'original_invoice' else places.country_source end as country_source,

    -- amounts
    priced.currency,
    cast(priced.total_amount_document as number(18, 2)) as total_amount_document,
    cast(priced.total_amount_eur as number(18, 2)) as total_amount_eur,
    cast(priced.net_amount_eur as number(18, 2)) as net_amount_eur,
    cast(priced.total_amount_eur - priced.net_amount_eur as number(18, 2)) as tax_amount_eur,
    cast(priced.paid_amount_eur as number(18, 2)) as paid_amount_eur,
    cast(
        case
            when priced.status_code = '1000' or priced.is_cancellation or priced.is_cancelled then 0
            else priced.total_amount_eur - priced.paid_amount_eur
        end as number(18, 2)
    ) as open_amount_eur,
    cast(priced.reminder_charge as number(18, 2)) as reminder_charge_eur,
    cast(priced.exchange_rate as number(18, 6)) as exchange_rate,
    priced.exchange_rate_date,
    priced.amount_source,

    -- dates
    priced.invoice_date,
    cast(date_trunc('month', priced.invoice_date) as date) as invoice_month,
    cast(dateadd('day', coalesce(priced.days_to_pay, 0), priced.invoice_date) as date) as due_date,
    priced.created_at,
    priced.updated_at,
    priced.deleted_at,
    {{ written_at() }} as written_at
from priced
inner join places on priced.invoice_id = places.invoice_id
left join places as origin_places on priced.cancels_invoice_id = origin_places.invoice_id
left join contacts on priced.contact_id = contacts.contact_id
