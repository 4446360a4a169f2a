{#- Every credit note in RAW: place of the invoice that it corrects, euro amounts, and whether it reduces revenue; where it does not, why. -#}
{{ config(materialized='table') }}

with

credit_notes as (
    select
        *,
        coalesce(source_invoice_id, case when origin_type = 'Invoice' then origin_id end) as corrected_invoice_id
    from {{ ref('credit_notes_stg') }}
),

invoices as (
    select invoice_id, city, country_code, country_name_de, country_name_en from {{ ref('enriched') }}
),

countries as (
    select country_code, min(country_name_de) as country_name_de, min(country_name_en) as country_name_en
    from {{ ref('countries_stg') }}
    group by country_code
),

country_ids as (
    select country_id, country_code from {{ ref('countries_stg') }}
),

contact_places as (
    select * from {{ ref('contact_places') }}
),

cities as (
    select * from {{ ref('cities') }}
),

rates as (
    select * from {{ ref('exchange_rates_stg') }}
),

-- where no invoice is named: the customer's address
placed as (
    select
        credit_notes.*,
        invoices.city as invoice_city,
        invoices.country_code as invoice_country_code,
        coalesce(invoices.country_code, country_ids.country_code, contact_places.country_code, 'ZZ') as country_code,
        {{ case_city(tidy_city('contact_places.city')) }} as contact_city
    from credit_notes
    left join invoices on credit_notes.corrected_invoice_id = invoices.invoice_id
    left join contact_places on credit_notes.contact_id = contact_places.contact_id
    left join country_ids on credit_notes.address_country_id = country_ids.country_id
),

grouped as (
    select
        placed.*,
        coalesce(placed.invoice_city, whole.city, district.city, placed.contact_city, 'Unknown') as city
    from placed
    left join cities as whole
        on placed.country_code = whole.country_code and lower(placed.contact_city) = whole.spelling
    left join cities as district
        on
            placed.country_code = district.country_code
            and {{ city_without_district('placed.contact_city') }} = district.spelling
            and district.has_districts
),

judged as (
    select
        *,
        case
            when deleted_at is not null then 'deleted'
            when status_code = '100' then 'draft'
            when status_code is null or status_code not in ('200', '300', '500', '750', '1000') then 'unknown_status'
            when booking_category = 'UNDERACHIEVEMENT' then null
            when booking_category = 'PROVISION' then 'credit_note_pays_a_commission'
            when booking_category in ('ROYALTY_ASSIGNED', 'ROYALTY_UNASSIGNED') then 'credit_note_pays_a_royalty'
            else 'unknown_booking_category'
        end as exclusion_reason,
        {{ lacks_account_sum('currency', 'gross_amount', 'gross_amount_foreign') }} as lacks_account_sum,
        case when lacks_account_sum then currency else '{{ var("account_currency") }}' end as sum_currency,
        abs(case when lacks_account_sum then gross_amount_foreign else gross_amount end) as sum_gross_amount,
        abs(case when lacks_account_sum then net_amount_foreign else net_amount end) as sum_net_amount
    from grouped
)

select
    judged.credit_note_id,
    judged.credit_note_number,
    judged.corrected_invoice_id as source_invoice_id,
    judged.contact_id,
    judged.booking_category,
    judged.status_code,
    judged.exclusion_reason is null as is_counted,
    judged.exclusion_reason,
    judged.city,
    judged.country_code,
    coalesce(countries.country_name_de, case judged.country_code when 'ZZ' then 'Unbekannt' else judged.country_code end) as country_name_de,
    coalesce(countries.country_name_en, case judged.country_code when 'ZZ' then 'Unknown' else judged.country_code end) as country_name_en,
    judged.currency,
    {%- for amount in ['gross', 'net'] %}
    cast(
        case when judged.sum_currency = 'EUR' then judged.sum_{{ amount }}_amount else {{ euro_at_rate('judged.sum_' ~ amount ~ '_amount', 'rates.rate') }} end
        as number(18, 2)
    ) as credited{{ '_net' if amount == 'net' }}_amount_eur,
    {%- endfor %}
    cast(rates.rate as number(18, 6)) as exchange_rate,
    rates.rate_date as exchange_rate_date,
    {{ amount_source('judged.lacks_account_sum', 'judged.sum_currency') }} as amount_source,
    judged.credit_note_date,
    judged.updated_at,
    judged.deleted_at
from judged
left join countries on judged.country_code = countries.country_code
left join rates
    on
        judged.sum_currency = rates.currency
        and judged.sum_currency <> 'EUR'
        and judged.credit_note_date between rates.rate_date and rates.valid_until
