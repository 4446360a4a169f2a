{#- Euro amounts of every invoice, unsigned by type: as sevDesk states them, or converted at the rate of the invoice's day. -#}
with

invoices as (
    select * from {{ ref('invoices_decided') }}
),

cancellations as (
    select * from {{ ref('invoice_cancellations') }}
),

rates as (
    select * from {{ ref('exchange_rates_stg') }}
),

-- for an estimate only: the newest rate that there ever was
last_rates as (
    select currency, rate
    from rates
    qualify row_number() over (partition by currency order by rate_date desc) = 1
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
        end as document_amount,
        case
            when invoices.currency = '{{ var("account_currency") }}' then invoices.net_amount
            else coalesce(nullif(invoices.net_amount_foreign, 0), invoices.net_amount)
        end as document_net_amount,
        invoices.decided_gross_amount_eur,
        invoices.decided_net_amount_eur
    from invoices
    left join cancellations on invoices.invoice_id = cancellations.cancellation_id
    qualify row_number() over (partition by invoices.invoice_id order by cancellations.cancelled_invoice_id) = 1
),

priced as (
    select
        judged.*,
        rates.rate as exchange_rate,
        rates.rate_date as exchange_rate_date,
        {{ amount_source('judged.lacks_account_sum', 'judged.sum_currency', 'rates.rate_source') }} as amount_source,
        case when judged.sum_currency = 'EUR' then judged.gross_amount else {{ euro_at_rate('judged.gross_amount', 'rates.rate') }} end as own_gross_amount_eur,
        case when judged.sum_currency = 'EUR' then judged.net_amount else {{ euro_at_rate('judged.net_amount', 'rates.rate') }} end as own_net_amount_eur,
        case
            when judged.sum_currency = 'EUR' then judged.gross_amount else {{ euro_at_rate('judged.gross_amount', 'last_rates.rate') }}
        end as estimated_gross_amount_eur,
        -- payments are booked in the account's currency, whatever the document's is
        {% if var('account_currency') == 'EUR' -%} judged.paid_amount
        {%- else -%} {{ euro_at_rate('judged.paid_amount', 'account_rates.rate') }}
        {%- endif %} as paid_amount_eur
    from judged
    left join last_rates on judged.sum_currency = last_rates.currency and judged.sum_currency <> 'EUR'
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
    qualify row_number() over (partition by judged.invoice_id order by case rates.rate_source when 'manual' then 1 when 'fixed' then 2 else 3 end) = 1
)

select
    invoice_id,
    sum_currency,
    gross_amount as sum_amount,
    document_amount,
    document_net_amount,
    exchange_rate,
    exchange_rate_date,
    case when decided_gross_amount_eur is null then amount_source else 'decision' end as amount_source,
    coalesce(decided_gross_amount_eur, own_gross_amount_eur) as gross_amount_eur,
    coalesce(decided_net_amount_eur, case when decided_gross_amount_eur is null then own_net_amount_eur end, decided_gross_amount_eur) as net_amount_eur,
    estimated_gross_amount_eur,
    paid_amount_eur
from priced
