{#- Without a rate an amount is null, never taken one to one. -#}
with

documents as (
    select
        'Invoice' as kind,
        coalesce(enriched.invoice_number, enriched.invoice_id) as document_name,
        enriched.invoice_date as document_date,
        amounts.sum_currency as currency,
        amounts.sum_amount as amount,
        enriched.total_amount_eur
    from {{ ref('enriched') }} as enriched
    inner join {{ ref('invoice_amounts') }} as amounts on enriched.invoice_id = amounts.invoice_id
    where enriched.is_counted

    union all

    select
        'Credit note' as kind,
        coalesce(credit_note_number, credit_note_id) as document_name,
        credit_note_date as document_date,
        currency,
        null as amount,
        credited_amount_eur as total_amount_eur
    from {{ ref('credit_notes_enriched') }}
    where is_counted
),

rates as (
    select currency, max(rate_date) as newest_rate_date
    from {{ ref('exchange_rates_stg') }}
    group by currency
)

select
    documents.kind || ' ' || documents.document_name || ' of ' || coalesce(cast(documents.document_date as varchar), 'an unknown day')
    || case
        when documents.amount is null and documents.kind = 'Invoice' then ' has no sum at all in sevDesk.'
        else ' is in ' || coalesce(documents.currency, 'no currency') || ' and has no euro amount: there is no ECB rate for that day or the '
            || '{{ var("max_rate_age_days") }} days before it (the newest ' || coalesce(documents.currency, '') || ' rate is of '
            || coalesce(cast(rates.newest_rate_date as varchar), 'no day at all') || '). Load the rates: meltano run tap-ecb target-snowflake-ts.'
    end as problem
from documents
left join rates on documents.currency = rates.currency
where documents.total_amount_eur is null
