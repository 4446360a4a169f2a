{#- Euro amounts of every invoice, unsigned by type: as sevDesk states them, or converted at the ECB's rate of the invoice's day. -#}
with

invoices as (
    select * from {{ ref('invoices_stg') }}
),

cancellations as (
    select * from {{ ref('invoice_cancellations') }}
),

rates as (
    select * from {{ ref('exchange_rates_stg') }}
),

judged as (
    select
        invoices.invoice_id,
        invoices.currency,
        -- a cancellation takes the rate of what it cancels, so that both add up to nothing
        coalesce(cancellations.cancelled_invoice_date, invoices.invoice_date) as rate_needed_for,
        {{ lacks_account_sum('invoices.currency', 'invoices.gross_amount', 'invoices.gross_amount_foreign') }} as lacks_account_sum,
        case when lacks_account_sum then invoices.currency else '{{ var("account_currency") }}' end as sum_currency,
        case when lacks_account_sum then invoices.gross_amount_foreign else invoices.gross_amount end as gross_amount,
        case when lacks_account_sum then invoices.net_amount_foreign else invoices.net_amount end as net_amount,
        coalesce(invoices.paid_amount, 0) as paid_amount,
        case
            when invoices.currency = '{{ var("account_currency") }}' then invoices.gross_amount
            else coalesce(nullif(invoices.gross_amount_foreign, 0), invoices.gross_amount)
        end as document_amount
    from invoices
    left join cancellations on invoices.invoice_id = cancellations.cancellation_id
    qualify row_number() over (partition by invoices.invoice_id order by cancellations.cancelled_invoice_id) = 1
)

select
    judged.invoice_id,
    judged.sum_currency,
    judged.gross_amount as sum_amount,
    judged.document_amount,
    rates.rate as exchange_rate,
    rates.rate_date as exchange_rate_date,
    {{ amount_source('judged.lacks_account_sum', 'judged.sum_currency') }} as amount_source,
    case when judged.sum_currency = 'EUR' then judged.gross_amount else {{ euro_at_rate('judged.gross_amount', 'rates.rate') }} end as gross_amount_eur,
    case when judged.sum_currency = 'EUR' then judged.net_amount else {{ euro_at_rate('judged.net_amount', 'rates.rate') }} end as net_amount_eur,
    -- payments are booked in the account's currency, whatever the document's is
    {% if var('account_currency') == 'EUR' -%} judged.paid_amount
    {%- else -%} {{ euro_at_rate('judged.paid_amount', 'account_rates.rate') }}
    {%- endif %} as paid_amount_eur
from judged
left join rates
    on
        judged.sum_currency = rates.currency
        and judged.sum_currency <> 'EUR'
        and judged.rate_needed_for between rates.rate_date and rates.valid_until
{%- if var('account_currency') != 'EUR' %}
left join rates as account_rates
    on
        account_rates.currency = '{{ var("account_currency") }}'
        and judged.rate_needed_for between account_rates.rate_date and account_rates.valid_until
{%- endif %}
