{#- Every credit note with its euro amounts, and why it does not reduce revenue; null where it does. -#}
{{ config(materialized='table') }}

with

credit_notes as (
    select
        notes.* exclude (credit_note_date, delivered_on),
        coalesce(notes.source_invoice_id, case when notes.origin_type = 'Invoice' then notes.origin_id end) as corrected_invoice_id,
        decisions.decision,
        decisions.gross_amount_eur as decided_gross_amount_eur,
        decisions.net_amount_eur as decided_net_amount_eur,
        decisions.city as decided_city,
        decisions.country_code as decided_country_code,
        coalesce(decisions.document_date, case when {{ is_plausible_date('notes.credit_note_date') }} then notes.credit_note_date end) as credit_note_date,
        case when {{ is_plausible_date('notes.delivered_on') }} then notes.delivered_on end as delivered_on,
        {{ lacks_account_sum('notes.currency', 'notes.gross_amount', 'notes.gross_amount_foreign') }} as lacks_account_sum,
        case when lacks_account_sum then notes.currency else '{{ var("account_currency") }}' end as sum_currency,
        abs(case when lacks_account_sum then notes.gross_amount_foreign else notes.gross_amount end) as sum_gross_amount,
        abs(case when lacks_account_sum then notes.net_amount_foreign else notes.net_amount end) as sum_net_amount
    from {{ ref('credit_notes_stg') }} as notes
    left join {{ ref('document_decisions') }} as decisions
        on notes.credit_note_id = decisions.document_id and decisions.document_kind = 'credit_note'
),

rates as (
    select * from {{ ref('exchange_rates_stg') }}
),

last_rates as (
    select currency, rate
    from rates
    qualify row_number() over (partition by currency order by rate_date desc) = 1
),

-- when an invoice was cancelled in full
cancelled as (
    select cancelled_invoice_id as invoice_id, min(cancelled_on) as cancelled_on
    from {{ ref('cancellation_effects') }}
    where completes_cancellation
    group by cancelled_invoice_id
),

invoices as (
    select judgements.invoice_id, judgements.own_reason, cancelled.cancelled_on
    from {{ ref('invoice_judgements') }} as judgements
    left join cancelled on judgements.invoice_id = cancelled.invoice_id
),

priced as (
    select
        credit_notes.*,
        rates.rate as exchange_rate,
        rates.rate_date as exchange_rate_date,
        case
            when credit_notes.decided_gross_amount_eur is not null then 'decision'
            else {{ amount_source('credit_notes.lacks_account_sum', 'credit_notes.sum_currency', 'rates.rate_source') }}
        end as amount_source,
        {%- for amount in ['gross', 'net'] %}
        cast(
            case
                when credit_notes.decided_gross_amount_eur is not null
                    then coalesce(credit_notes.decided_{{ amount }}_amount_eur, credit_notes.decided_gross_amount_eur)
                when credit_notes.sum_currency = 'EUR' then credit_notes.sum_{{ amount }}_amount
                else {{ euro_at_rate('credit_notes.sum_' ~ amount ~ '_amount', 'rates.rate') }}
            end as number(18, 2)
        ) as {{ amount }}_amount_eur,
        {%- endfor %}
        cast(
            case
                when credit_notes.sum_currency = 'EUR' then credit_notes.sum_gross_amount
                else {{ euro_at_rate('credit_notes.sum_gross_amount', 'last_rates.rate') }}
            end as number(18, 2)
        ) as estimated_gross_amount_eur,
        invoices.invoice_id is not null as has_invoice,
        invoices.own_reason as invoice_reason,
        invoices.cancelled_on as invoice_cancelled_on
    from credit_notes
    left join invoices on credit_notes.corrected_invoice_id = invoices.invoice_id
    left join last_rates on credit_notes.sum_currency = last_rates.currency and credit_notes.sum_currency <> 'EUR'
    left join rates
        on
            credit_notes.sum_currency = rates.currency
            and credit_notes.sum_currency <> 'EUR'
            and credit_notes.credit_note_date between rates.rate_date and rates.valid_until
    qualify row_number() over (partition by credit_notes.credit_note_id order by case rates.rate_source when 'manual' then 1 when 'fixed' then 2 else 3 end) = 1
)

select
    *,
    coalesce(delivered_on, credit_note_date) as service_date,
    case
        when decision = 'exclude' then 'excluded_by_decision'
        when deleted_at is not null then 'deleted'
        when status_code = '100' then 'draft'
        when booking_category = 'PROVISION' then 'credit_note_pays_a_commission'
        when booking_category in ('ROYALTY_ASSIGNED', 'ROYALTY_UNASSIGNED') then 'credit_note_pays_a_royalty'
        when coalesce(status_code, '') not in ('200', '300', '500', '750', '1000') and decision is distinct from 'count' then 'unknown_status'
        when booking_category is distinct from 'UNDERACHIEVEMENT' and decision is distinct from 'count' then 'unknown_booking_category'
        when has_unreadable_amount and amount_source <> 'decision' then 'unreadable_amount'
        when credit_note_date is null then 'impossible_date'
        when gross_amount_eur is null and sum_gross_amount is null then 'no_amount'
        when gross_amount_eur is null or net_amount_eur is null then 'no_rate'
        when decision = 'count' then null
        when invoice_reason is not null then 'credits_uncounted_invoice'
        when invoice_cancelled_on <= credit_note_date then 'credits_cancelled_invoice'
    end as exclusion_reason
from priced
