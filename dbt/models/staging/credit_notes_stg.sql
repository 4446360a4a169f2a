{%- set raw = raw_table('credit_notes') %}

with

source as (
    {{ newest_rows(raw) }}
),

renamed as (
    select
        -- ids
        {{ raw_text(raw, 'id') }} as credit_note_id,
        {{ raw_text(raw, 'creditNoteNumber') }} as credit_note_number,
        {{ raw_text(raw, 'contact_id') }} as contact_id,
        {{ raw_text(raw, 'addressCountry_id') }} as address_country_id,
        {{ raw_text(raw, 'refSrcInvoice_id') }} as source_invoice_id,
        {{ raw_text(raw, 'origin_id') }} as origin_id,
        {{ raw_text(raw, 'origin_objectName') }} as origin_type,

        -- kind
        upper({{ raw_text(raw, 'bookingCategory') }}) as booking_category,
        {{ raw_text(raw, 'status') }} as status_code,
        upper({{ raw_text(raw, 'currency') }}) as currency,

        -- amounts: in the account's currency, and in the document's where that is another one
        {{ raw_amount(raw, 'sumGross') }} as gross_amount,
        {{ raw_amount(raw, 'sumNet') }} as net_amount,
        {{ raw_amount(raw, 'sumGrossForeignCurrency', required=false) }} as gross_amount_foreign,
        {{ raw_amount(raw, 'sumNetForeignCurrency', required=false) }} as net_amount_foreign,
        {{ raw_is_unreadable(raw, ['sumGross', 'sumNet', 'sumGrossForeignCurrency', 'sumNetForeignCurrency']) }} as has_unreadable_amount,
        {{ raw_has_fractions_of_a_cent(raw, ['sumGross', 'sumNet', 'sumGrossForeignCurrency', 'sumNetForeignCurrency']) }} as has_fractions_of_a_cent,
        {{ raw_text(raw, 'sumGross') }} as gross_amount_as_written,
        {{ raw_text(raw, 'sumGrossForeignCurrency', required=false) }} as gross_amount_foreign_as_written,

        -- dates
        {{ business_date(raw_instant(raw, 'creditNoteDate')) }} as credit_note_date,
        {{ raw_text(raw, 'creditNoteDate') }} as credit_note_date_as_written,
        coalesce(
            {{ business_date(raw_instant(raw, 'deliveryDateUntil', required=false)) }},
            {{ business_date(raw_instant(raw, 'deliveryDate', required=false)) }}
        ) as delivered_on,
        {{ raw_instant(raw, 'update') }} as updated_at,
        {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} as deleted_at
    from source
)

select * from renamed
