{{ config(materialized='incremental', incremental_strategy='sync', unique_key='invoice_id', on_schema_change='sync_all_columns') }}

{%- set raw = raw_table('invoices', required=true) %}

with

source as (
    {{ newest_rows(raw) }}
),

renamed as (
    select
        -- ids
        {{ raw_text(raw, 'id') }} as invoice_id,
        {{ raw_text(raw, 'invoiceNumber') }} as invoice_number,
        {{ raw_text(raw, 'contact_id') }} as contact_id,
        {{ raw_text(raw, 'addressCountry_id') }} as address_country_id,
        {{ raw_text(raw, 'origin_id') }} as origin_id,
        {{ raw_text(raw, 'origin_objectName') }} as origin_type,

        -- kind
        upper({{ raw_text(raw, 'invoiceType') }}) as invoice_type,
        {{ raw_text(raw, 'status') }} as status_code,
        upper({{ raw_text(raw, 'currency') }}) as currency,

        -- address
        {{ raw_text(raw, 'address') }} as address_text,
        {{ raw_text(raw, 'addressZip', required=false) }} as address_zip,
        {{ raw_text(raw, 'addressCity', required=false) }} as address_city,

        -- amounts: in the account's currency, and in the document's where that is another one
        {{ raw_amount(raw, 'sumGross') }} as gross_amount,
        {{ raw_amount(raw, 'sumNet') }} as net_amount,
        {{ raw_amount(raw, 'sumGrossForeignCurrency') }} as gross_amount_foreign,
        {{ raw_amount(raw, 'sumNetForeignCurrency') }} as net_amount_foreign,
        {{ raw_amount(raw, 'paidAmount') }} as paid_amount,
        {{ raw_amount(raw, 'reminderCharge', required=false) }} as reminder_charge,
        {{ raw_is_unreadable(raw, ['sumGross', 'sumNet', 'sumGrossForeignCurrency', 'sumNetForeignCurrency']) }} as has_unreadable_amount,
        {{ raw_has_fractions_of_a_cent(raw, ['sumGross', 'sumNet', 'sumGrossForeignCurrency', 'sumNetForeignCurrency']) }} as has_fractions_of_a_cent,
        {{ raw_text(raw, 'sumGross') }} as gross_amount_as_written,
        {{ raw_text(raw, 'sumGrossForeignCurrency') }} as gross_amount_foreign_as_written,

        -- tax
        {{ raw_text(raw, 'taxRule_id', required=false) }} as tax_rule_id,
        {{ raw_amount(raw, 'taxRate', required=false) }} as tax_rate_as_written,

        -- dates
        {{ business_date(raw_instant(raw, 'invoiceDate')) }} as invoice_date,
        {{ raw_text(raw, 'invoiceDate') }} as invoice_date_as_written,
        coalesce(
            {{ business_date(raw_instant(raw, 'deliveryDateUntil', required=false)) }},
            {{ business_date(raw_instant(raw, 'deliveryDate', required=false)) }}
        ) as delivered_on,
        {{ raw_number(raw, 'timeToPay', required=false) }} as days_to_pay,
        {{ raw_instant(raw, 'create') }} as created_at,
        {{ raw_instant(raw, 'update') }} as updated_at,
        {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} as deleted_at,
        {{ written_at() }} as written_at
    from source
)

select * from renamed
