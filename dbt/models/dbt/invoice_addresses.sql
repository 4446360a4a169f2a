{#- Reads zip, city and country out of the free text of an invoice's address, by the form that addresses take in its country. -#}

{#- One segment is what stands between line breaks or commas. `before` is everything up to a segment's start, as greedy as can be: the last match
    in the text wins, since the place stands at an address's end. Patterns hold no backslash and no lazy quantifier, so that every regular
    expression engine reads them alike. -#}
{%- set before = '^(.*[|,;] *)?' -%}
{%- set name = '([^|,;0-9][^|,;0-9]*)' -%}
{%- set british_postcode = '([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})' -%}
{%- set american_zip = '([0-9]{5}(-[0-9]{4})?)' -%}
{%- set japanese_zip = '([0-9]{3}-[0-9]{4})' -%}
{#- Postal codes elsewhere: "20121", "00-950", "111 22", "1000-001". -#}
{%- set other_zip = '([0-9]{4,5}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3})' -%}
{%- set city = '([^|,;0-9][^|,;]*)' -%}

with

invoices as (
    select invoice_id, contact_id, address_text, address_country_id
    from {{ ref('invoices_stg') }}
    where address_text is not null
),

countries as (
    select country_id, country_code from {{ ref('countries_stg') }}
),

contact_places as (
    select contact_id, country_code from {{ ref('contact_places') }}
),

country_names as (
    select spelling, country_code from {{ ref('country_names') }}
),

british_counties as (
    select county from {{ ref('british_counties') }}
),

addressed as (
    select
        invoices.invoice_id,
        invoices.address_text,
        coalesce(countries.country_code, '') as given_country_code,
        coalesce(contact_places.country_code, '') as contact_country_code
    from invoices
    left join countries on invoices.address_country_id = countries.country_id
    left join contact_places on invoices.contact_id = contact_places.contact_id
),

-- a customer's invoices mostly share one address: each is read once
addresses as (
    select distinct address_text, given_country_code, contact_country_code
    from addressed
),

-- one line, "|" between the lines; full-width digits, spaces and hyphens as Japanese addresses use them made plain
one_line as (
    select
        *,
        trim(
            regexp_replace(
                translate(address_text, '０１２３４５６７８９－−‐–　，、' || chr(9), '0123456789---- ,, '),
                ' *[' || chr(13) || chr(10) || ']+ *',
                '|'
            ),
            ' |,'
        ) as address_line
    from addresses
),

-- the last segment may be the country's name
with_country as (
    select
        one_line.address_text,
        one_line.given_country_code,
        one_line.contact_country_code,
        country_names.country_code as named_country_code,
        case
            when country_names.country_code is null then one_line.address_line
            else trim(regexp_replace(one_line.address_line, '[^|,]+$', ''), ' |,')
        end as place_line,
        -- "CH-8001 Zürich", "A-1030 Wien"
        upper({{ address_part('one_line.address_line', before ~ '(A|B|CH|D|DE|AT|F|FR|I|L|NL)-[0-9]{4}', 2) }}) as zip_prefix
    from one_line
    left join country_names on lower({{ address_part('one_line.address_line', '([^|,]+)$', 1) }}) = country_names.spelling
),

-- the form to read by: what the text says of itself goes before what sevDesk says, which is Germany unless somebody changed it
with_form as (
    select
        *,
        coalesce(
            named_country_code,
            case zip_prefix
                when 'A' then 'AT' when 'B' then 'BE' when 'D' then 'DE' when 'F' then 'FR' when 'I' then 'IT' when 'L' then 'LU' else zip_prefix
            end
        ) as text_country_code,
        coalesce(
            text_country_code,
            nullif(given_country_code, ''),
            nullif(contact_country_code, ''),
            case
                when regexp_like(place_line, '.*〒.*', 's') then 'JP'
                when regexp_like(place_line, '.*[ ,|][A-Z]{2} [0-9]{5}(-[0-9]{4})?$', 's') then 'US'
                when regexp_like(place_line, '.*[ ,|]{{ british_postcode }}$', 's') then 'GB'
                when regexp_like(place_line, '^(.*[|,;] *)?[1-9][0-9]{3} ?[A-Z]{2} +[^|,;0-9]+$', 's') then 'NL'
            end,
            'ZZ'
        ) as form
    from with_country
),

read_parts as (
    select
        address_text,
        given_country_code,
        contact_country_code,
        form,
        text_country_code,

        -- zip before city: "10115 Berlin", "CH-8001 Zürich", "75008 Paris", "1012 AB Amsterdam", and abroad "00-950 Warszawa"
        case
            when form = 'DE' then {{ address_part('place_line', before ~ '(DE?-)?([0-9]{5}) +' ~ name, 3) }}
            when form = 'AT' then {{ address_part('place_line', before ~ '(AT?-)?([0-9]{4}) +' ~ name, 3) }}
            when form = 'CH' then {{ address_part('place_line', before ~ '(CH-)?([0-9]{4}) +' ~ name, 3) }}
            when form = 'FR' then {{ address_part('place_line', before ~ '(FR?-)?([0-9]{5}) +' ~ name, 3) }}
            when form = 'NL' then upper({{ address_part('place_line', before ~ '(NL-)?([0-9]{4} ?[A-Z]{2}) +' ~ name, 3, 'ise') }})
            when form not in ('GB', 'US', 'JP') then {{ address_part('place_line', before ~ '([A-Z]{1,3}-)?' ~ other_zip ~ ' +' ~ city, 3) }}
        end as leading_zip,
        case
            when form = 'DE' then {{ address_part('place_line', before ~ '(DE?-)?[0-9]{5} +' ~ city, 3) }}
            when form = 'AT' then {{ address_part('place_line', before ~ '(AT?-)?[0-9]{4} +' ~ city, 3) }}
            when form = 'CH' then {{ address_part('place_line', before ~ '(CH-)?[0-9]{4} +' ~ city, 3) }}
            when form = 'FR' then {{ address_part('place_line', before ~ '(FR?-)?[0-9]{5} +' ~ city, 3) }}
            when form = 'NL' then {{ address_part('place_line', before ~ '(NL-)?[0-9]{4} ?[A-Z]{2} +' ~ city, 3, 'ise') }}
            when form not in ('GB', 'US', 'JP') then {{ address_part('place_line', before ~ '([A-Z]{1,3}-)?' ~ other_zip ~ ' +' ~ city, 4) }}
        end as leading_city,

        -- "London SW1A 1AA", or the postcode on a line of its own below the town, perhaps with the county between them
        case when form = 'GB' then upper({{ address_part('place_line', '^(.*[|,; ])?' ~ british_postcode ~ '([|,; ].*)?$', 2, 'ise') }}) end as british_postcode,
        case when form = 'GB' then {{ address_part('place_line', before ~ name ~ '[|,; ]+' ~ british_postcode, 2, 'ise') }} end as british_town,
        case
            when form = 'GB' then {{ address_part('place_line', before ~ name ~ '[|,;] *[^|,;0-9]+[|,; ]+' ~ british_postcode, 2, 'ise') }}
        end as british_town_before_county,

        -- "San Francisco, CA 94105", "New York NY 10001-1234", "Austin, Texas 78701"
        case when form = 'US' then {{ address_part('place_line', '^(.*[|,; ])' ~ american_zip ~ '([|,; ].*)?$', 2) }} end as american_zip,
        case
            when form = 'US'
                then coalesce(
                    {{ address_part('place_line', before ~ name ~ '[|,; ]+[A-Z]{2}[., ]+' ~ american_zip, 2) }},
                    {{ address_part('place_line', before ~ name ~ '[|,;] *[A-Za-z. ]+[, ]+' ~ american_zip, 2) }}
                )
        end as american_city,

        -- "〒100-0005 東京都千代田区丸の内1-1", "Chiyoda-ku, Tokyo 100-0005", "Yokohama-shi, Kanagawa 220-0012", "〒150-0002|Tokyo"
        case when form = 'JP' then {{ address_part('place_line', japanese_zip, 1) }} end as japanese_zip,
        case
            when form = 'JP'
                then coalesce(
                    {{ address_part('place_line', '(東京)都', 1) }},
                    {{ address_part('place_line', '(北海道|[^|, 0-9]{2,3}[府県]) *([^|, 0-9市区町村]+[市区町村])', 2) }},
                    {{ address_part('place_line', '([^|, 0-9市区町村〒]+[市区町村])', 1) }},
                    {{ address_part('place_line', before ~ '([A-Za-z][A-Za-z ]*)[- ]shi([|, ].*)?$', 2, 'ise') }},
                    {{ address_part('place_line', '〒 ?' ~ japanese_zip ~ '[|,; ]+([^|,;0-9]+)', 2) }},
                    {{ address_part('place_line', before ~ '([^|,;0-9]+)[|,; ]+〒? ?' ~ japanese_zip, 2) }},
                    {{ address_part('place_line', japanese_zip ~ '[|,; ]+([^|,;0-9]+)', 2) }}
                )
        end as japanese_city
    from with_form
)

select
    addressed.invoice_id,
    read_parts.form as address_form,
    read_parts.text_country_code,
    coalesce(read_parts.leading_zip, read_parts.british_postcode, read_parts.american_zip, read_parts.japanese_zip) as zip,
    coalesce(
        read_parts.leading_city,
        case when british_counties.county is null then read_parts.british_town else read_parts.british_town_before_county end,
        read_parts.american_city,
        read_parts.japanese_city
    ) as city
from addressed
inner join read_parts
    on
        addressed.address_text = read_parts.address_text
        and addressed.given_country_code = read_parts.given_country_code
        and addressed.contact_country_code = read_parts.contact_country_code
left join british_counties on lower(read_parts.british_town) = british_counties.county
