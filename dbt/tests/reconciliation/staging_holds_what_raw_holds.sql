{#- RAW to STAGING, document by document: nothing lost, nothing invented, every amount to the cent, every change taken over. -#}
{%- set raw = raw_table('invoices', required=true) -%}

with

raw_invoices as (
    select
        {{ raw_text(raw, 'id') }} as invoice_id,
        {{ raw_text(raw, 'invoiceNumber') }} as invoice_number,
        {{ raw_instant(raw, 'update') }} as updated_at,
        {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} as deleted_at,
        {{ raw_text(raw, 'status') }} as status_code,
        {{ raw_amount(raw, 'sumGross') }} as gross_amount,
        {{ raw_amount(raw, 'sumGrossForeignCurrency') }} as gross_amount_foreign
    from ({{ newest_rows(raw) }}) as newest
),

staged as (
    select * from {{ ref('invoices_stg') }}
)

select
    'Invoice ' || coalesce(raw_invoices.invoice_number, staged.invoice_number, raw_invoices.invoice_id, staged.invoice_id)
    || case
        when staged.invoice_id is null then ' is in RAW but not in STAGING, so it is missing from the figures.'
        when raw_invoices.invoice_id is null then ' is in STAGING but no longer in RAW, so the figures still hold it.'
        when raw_invoices.updated_at is distinct from staged.updated_at or raw_invoices.deleted_at is distinct from staged.deleted_at
            then ' was changed in sevDesk and loaded after the figures were built: they show it as of ' || coalesce(cast(staged.updated_at as varchar), 'an unknown time')
                || ', RAW has ' || coalesce(cast(raw_invoices.updated_at as varchar), 'an unknown time') || '.'
        else ' is over ' || coalesce(cast(raw_invoices.gross_amount as varchar), 'nothing') || ' in RAW but over '
            || coalesce(cast(staged.gross_amount as varchar), 'nothing') || ' in STAGING, or has another status or foreign sum.'
    end || ' Run dbt build.' as problem
from raw_invoices
full outer join staged on raw_invoices.invoice_id = staged.invoice_id
where
    staged.invoice_id is null
    or raw_invoices.invoice_id is null
    or raw_invoices.updated_at is distinct from staged.updated_at
    or raw_invoices.deleted_at is distinct from staged.deleted_at
    or raw_invoices.status_code is distinct from staged.status_code
    or raw_invoices.gross_amount is distinct from staged.gross_amount
    or raw_invoices.gross_amount_foreign is distinct from staged.gross_amount_foreign
