{#- One address a contact: the best for an invoice by `billing_address_categories`, the oldest of several. -#}
with

addresses as (
    select * from {{ ref('contact_addresses_stg') }}
    where city is not null and {{ has_letters('city') }}
),

countries as (
    select country_id, country_code from {{ ref('countries_stg') }}
)

select
    addresses.contact_id,
    addresses.zip,
    addresses.city,
    countries.country_code
from addresses
left join countries on addresses.country_id = countries.country_id
qualify row_number() over (
    partition by addresses.contact_id
    order by
        case addresses.category_id
            {%- for category in var('billing_address_categories') %}
                when '{{ category }}' then {{ loop.index }}
            {%- endfor %}
            else {{ var('billing_address_categories') | length + 1 }}
        end,
        cast(addresses.contact_address_id as number(38, 0))
) = 1
