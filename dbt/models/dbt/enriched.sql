{#- Every invoice in RAW, one row each: customer, place, euro amounts, and whether it counts; where it does not, why. -#}
{{ config(materialized='incremental', incremental_strategy='sync', unique_key='invoice_id', on_schema_change='sync_all_columns') }}

with

invoices as (
    select * from {{ ref('invoice_judgements') }}
),

places as (
    select * from {{ ref('invoice_places') }}
),

chains as (
    select * from {{ ref('invoice_chains') }}
),

effects as (
    select * from {{ ref('cancellation_effects') }}
),

cancelled as (
    select
        cancelled_invoice_id as invoice_id,
        count_if(completes_cancellation) > 0 as is_cancelled,
        sum(amount_eur) as amount_eur
    from effects
    where not exceeds_invoice and not is_positive
    group by cancelled_invoice_id
),

-- a credit note that is still open will be set off against its invoice
credited as (
    select corrected_invoice_id as invoice_id, sum(gross_amount_eur) as amount_eur
    from {{ ref('credit_note_judgements') }}
    where exclusion_reason is null and status_code <> '1000'
    group by corrected_invoice_id
),

tax_rules as (
    select * from {{ ref('tax_rules') }}
),

linked as (
    select
        invoices.*,
        effects.cancelled_invoice_id as cancels_invoice_id,
        coalesce(cancelled.is_cancelled, false) as is_cancelled,
        coalesce(cancelled.amount_eur, 0) as cancelled_amount_eur,
        coalesce(credited.amount_eur, 0) as open_credit_eur,
        invoices.invoice_type = 'SR' as is_cancellation,
        chains.chain_id,
        chains.verdict as chain_verdict,
        coalesce(chains.contained_amount_eur, 0) as billed_before_amount_eur,
        coalesce(chains.is_settled_by_final, false) as is_settled_by_final,
        chains.paid_amount_eur as chain_paid_amount_eur,
        coalesce(effects.completes_cancellation, false) as completes_cancellation,
        coalesce(
            invoices.own_reason,
            case
                -- a cancellation of what never counted would take off what was never added
                when effects.original_reason is not null then 'cancels_uncounted_invoice'
                when invoices.decision = 'count' then null
                when effects.exceeds_invoice then 'cancels_more_than_invoiced'
                when invoices.invoice_type = 'SR' and invoices.document_amount > 0 and (effects.cancellation_id is null or effects.is_positive)
                    then 'positive_cancellation'
            end
        ) as exclusion_reason,
        effects.amount_eur as effect_amount_eur,
        effects.net_amount_eur as effect_net_amount_eur,
        effects.original_exchange_rate,
        effects.original_exchange_rate_date,
        effects.original_amount_source,
        chains.added_amount_eur,
        chains.added_net_amount_eur
    from invoices
    left join chains on invoices.invoice_id = chains.invoice_id
    left join effects on invoices.invoice_id = effects.cancellation_id
    left join cancelled on invoices.invoice_id = cancelled.invoice_id
    left join credited on invoices.invoice_id = credited.invoice_id
),

valued as (
    select
        linked.*,
        case when linked.is_cancellation then -abs(linked.document_amount) else linked.document_amount end as total_amount_document,
        case
            when linked.is_cancellation then coalesce(linked.effect_amount_eur, -abs(linked.gross_amount_eur))
            else coalesce(linked.added_amount_eur, linked.gross_amount_eur)
        end as total_amount_eur,
        case
            when linked.is_cancellation then coalesce(linked.effect_net_amount_eur, -abs(linked.net_amount_eur))
            else coalesce(linked.added_net_amount_eur, linked.net_amount_eur)
        end as total_net_amount_eur,
        case when linked.is_cancellation then 0 else coalesce(linked.chain_paid_amount_eur, linked.paid_amount_eur) end as total_paid_amount_eur
    from linked
),

-- what was cancelled is negative; what was credited leaves nothing to pay at most
priced as (
    select
        valued.*,
        valued.total_amount_eur + valued.cancelled_amount_eur - valued.total_paid_amount_eur as unpaid_amount_eur,
        case
            when valued.status_code = '1000' or valued.is_cancellation or valued.is_cancelled or valued.is_settled_by_final then 0
            else greatest(unpaid_amount_eur - valued.open_credit_eur, least(unpaid_amount_eur, 0))
        end as open_amount_eur
    from valued
)

select
    -- ids
    priced.invoice_id,
    priced.invoice_number,
    priced.contact_id,
    priced.chain_id,
    priced.cancels_invoice_id,

    -- kind
    priced.invoice_type,
    priced.status_code,
    case priced.status_code
        when '50' then 'deactivated' when '100' then 'draft' when '200' then 'open' when '750' then 'partially_paid' when '1000' then 'paid'
        else 'unknown'
    end as invoice_status,
    priced.decision,
    priced.exclusion_reason is null as is_counted,
    priced.exclusion_reason,
    priced.is_cancellation,
    priced.is_cancelled,
    priced.exclusion_reason is null and not priced.is_cancellation and not priced.is_cancelled as counts_as_invoice,
    priced.chain_verdict,

    -- customer
    coalesce(priced.contact_name, 'Unknown') as contact_name,
    priced.customer_number,

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
    coalesce(
        case when priced.currency = '{{ var("account_currency") }}' then priced.gross_amount_as_written end,
        nullif(priced.gross_amount_foreign_as_written, '0'),
        priced.gross_amount_as_written
    ) as amount_as_written,
    cast(priced.estimated_gross_amount_eur as number(18, 2)) as estimated_amount_eur,
    cast(priced.total_amount_eur as number(18, 2)) as total_amount_eur,
    cast(priced.total_net_amount_eur as number(18, 2)) as net_amount_eur,
    cast(priced.total_amount_eur - priced.total_net_amount_eur as number(18, 2)) as tax_amount_eur,
    cast(priced.billed_before_amount_eur as number(18, 2)) as billed_before_amount_eur,
    cast(priced.total_paid_amount_eur as number(18, 2)) as paid_amount_eur,
    cast(priced.open_amount_eur as number(18, 2)) as open_amount_eur,
    {{ proportion('priced.open_amount_eur', 'priced.total_net_amount_eur', 'priced.total_amount_eur') }} as net_open_amount_eur,
    cast(priced.reminder_charge as number(18, 2)) as reminder_charge_eur,
    cast(case when priced.completes_cancellation then priced.original_exchange_rate else priced.exchange_rate end as number(18, 6)) as exchange_rate,
    case when priced.completes_cancellation then priced.original_exchange_rate_date else priced.exchange_rate_date end as exchange_rate_date,
    case when priced.completes_cancellation then priced.original_amount_source else priced.amount_source end as amount_source,
    priced.has_fractions_of_a_cent,

    -- tax
    coalesce(tax_rules.tax_rule, case when priced.tax_rule_id is not null then 'rule ' || priced.tax_rule_id end) as tax_rule,
    {{ effective_tax_rate('priced.document_amount', 'priced.document_net_amount', 'priced.tax_rate_as_written') }} as tax_rate,

    -- dates
    priced.invoice_date,
    cast(date_trunc('month', priced.invoice_date) as date) as invoice_month,
    priced.invoice_date_as_written,
    priced.service_date,
    cast(date_trunc('month', priced.service_date) as date) as service_month,
    priced.has_impossible_service_date,
    cast(dateadd('day', coalesce(priced.days_to_pay, 0), priced.invoice_date) as date) as due_date,
    priced.created_at,
    priced.updated_at,
    priced.deleted_at,
    {{ written_at() }} as written_at
from priced
inner join places on priced.invoice_id = places.invoice_id
left join places as origin_places on priced.cancels_invoice_id = origin_places.invoice_id
left join tax_rules on priced.tax_rule_id = tax_rules.tax_rule_id
