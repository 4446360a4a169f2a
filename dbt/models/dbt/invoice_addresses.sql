{#- Reads postal code, city and country out of the free text of an invoice's address, by the form that addresses take in its country. -#}

{#- One segment is what stands between line breaks or commas. `before` is everything up to a segment's start, as greedy as can be: the last match
    in the text wins, since the place stands at an address's end. Patterns hold no backslash and no lazy quantifier, so that every regular
    expression engine reads them alike. -#}
{%- set before = '^(.*[|,;] *)?' -%}
{%- set name = '([^|,;0-9][^|,;0-9]*)' -%}
{%- set city = '([^|,;0-9][^|,;]*)' -%}
{%- set prefix_letters = 'A|AT|AUT|B|BE|BG|CH|CZ|D|DE|DK|E|EE|ES|F|FIN|FI|FL|FR|GR|H|HR|HU|I|IT|L|LI|LT|LU|LV|N|NL|NO|P|PL|PT|RO|S|SE|SI|SK|SLO' -%}
{%- set prefix = '((' ~ prefix_letters ~ ')( ?- ?| ))?' -%}
{%- set prefix_countries = {
    'A': 'AT', 'AUT': 'AT', 'B': 'BE', 'D': 'DE', 'E': 'ES', 'F': 'FR', 'FIN': 'FI', 'FL': 'LI', 'H': 'HU', 'I': 'IT', 'L': 'LU', 'N': 'NO',
    'P': 'PT', 'S': 'SE', 'SLO': 'SI'
} -%}
{%- set british_code = '([A-Z]{1,2}[0-9][A-Z0-9]? ?[0-9][A-Z]{2})' -%}
{%- set canadian_code = '([ABCEGHJ-NPRSTVXY][0-9][A-Z] ?[0-9][A-Z][0-9])' -%}
{%- set irish_code = '([ACDEFHKNPRTVWXY][0-9][0-9W] ?[0-9ACDEFHKNPRTVWXY]{4})' -%}
{%- set noise = '[|,;] *(ust|vat|uid|steuer|tax|st[.]-?nr|tel[.:]|tel |telefon|phone|fax[.:]|fax |mobil|handy|e-?mail|https?:|www[.])[^|,;]*' -%}
{#- A number that an authority, a bank or a customer gave, under its name there: "TVA FR12345678901", "P. IVA 01234567890", "HRB 4711". -#}
{%- set number_names = 'tva|btw|kvk|p[.]? ?iva|partita iva|c[.]?f[.]|nif|cif|siret|siren|rcs|nip|regon|dič|ičo|cvr|org[.]?|abn|eori|iban|hrb|hra|ein'
    ~ '|company|kunden|bestell|auftrag|reg[.]' -%}
{%- set numbers = '[|,;] *(' ~ number_names ~ ')[a-z-]*[ .:/-][^|,;]*[0-9][^|,;]*' -%}
{%- set post_box = '[|,;] *(P[.]? ?O[.]? ?Box|PO BOX|Postfach|BP|B[.]P[.]|Case postale|Casella postale|Apartado|Postbus|Postboks)[ .:]*[0-9][0-9 ]*' -%}
{%- set contacts = '[|,;] *[^|,; ]+@[^|,;]*|[|] *(ATU|CHE-?|DE)[0-9.]{8,}[^|]*' -%}
{%- set leading_code = '([0-9]{3} ?[0-9]{1,2}|[0-9]{2}-[0-9]{3}|[0-9]{4}-[0-9]{3}) ?([A-Z]{2} )?[ |]*[^|,;0-9]' -%}
{%- set american_zip = '([0-9]{5}(-[0-9]{4})?)' -%}
{%- set japanese_zip = '([0-9]{3}-[0-9]{4})' -%}
{#- Postal codes that stand before the city, by country; elsewhere "20121", "00-950", "111 22", "1000-001". -#}
{%- set zips = {
    'DE': '([0-9]{5})', 'FR': '([0-9]{5})', 'IT': '([0-9]{5})', 'ES': '([0-9]{5})', 'AT': '([0-9]{4})', 'CH': '([0-9]{4})', 'LI': '([0-9]{4})', 'LU': '([0-9]{4})',
    'BE': '([0-9]{4})', 'DK': '([0-9]{4})', 'NO': '([0-9]{4})', 'HU': '([0-9]{4})', 'NL': '([0-9]{4}( ?[A-Za-z]{2})?)',
    'SE': '([0-9]{3} ?[0-9]{2})', 'CZ': '([0-9]{3} ?[0-9]{2})',
    'SK': '([0-9]{3} ?[0-9]{2})', 'GR': '([0-9]{3} ?[0-9]{2})', 'PL': '([0-9]{2}-?[0-9]{3})', 'PT': '([0-9]{4}(-[0-9]{3})?)'
} -%}
{%- set other_zip = '([0-9]{4,6}|[0-9]{2}-[0-9]{3}|[0-9]{3} [0-9]{2}|[0-9]{4}-[0-9]{3}|[0-9]{5}-[0-9]{3})' -%}
{%- set behind = ['GB', 'US', 'CA', 'AU', 'JP', 'IE', 'SG', 'IN', 'AE', 'HK', 'NZ', 'ZA'] -%}

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

known_places as (
    select country_code, normal_spelling as normal_city from {{ ref('city_spellings') }}
    union distinct
    select country_code, normal_city from {{ ref('postal_places') }}
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

-- one line, "|" between the lines and at both ends; breaks and entities of HTML, full-width digits, odd spaces and hyphens made plain
one_line as (
    select
        *,
        '|' || trim(
            regexp_replace(
                regexp_replace(
                    translate(
                        replace(replace(regexp_replace(address_text, '<(br|/p|/div)[^>]*>', chr(10), 1, 0, 'i'), '&nbsp;', ' '), '&amp;', '&'),
                        '０１２３４５６７８９－−‐‑–—　，、' || chr(9) || chr(160) || chr(8201) || chr(8239) || chr(8203),
                        '0123456789------ ,,     '
                    ),
                    '[ |]*[' || chr(13) || chr(10) || '|]+[ |]*',
                    '|'
                ),
                ' +',
                ' '
            ),
            ' |,;'
        ) || '|' as raw_line
    from addresses
),

-- tax numbers, telephone numbers, web addresses and post office boxes are no part of the place
cleaned as (
    select
        address_text,
        given_country_code,
        contact_country_code,
        trim(
            regexp_replace(
                regexp_replace(
                    raw_line,
                    '{{ noise }}|{{ numbers }}', '', 1, 0, 'i'
                ),
                '{{ contacts }}|{{ post_box }}', ''
            ),
            ' |,;'
        ) as address_line
    from one_line
),

-- the last segment, or the last words of it, may be the country's name
ended as (
    select
        *,
        {{ address_part('address_line', '([^|,;]+)$', 1) }} as last_segment,
        {{ normal_name(address_part('address_line', '([^|,;]+)$', 1)) }} as normal_segment,
        {{ normal_name(address_part('address_line', '([^|,; ]+ [^|,; ]+)$', 1)) }} as last_two_words,
        {{ normal_name(address_part('address_line', '([^|,; ()/]+)[)]?$', 1)) }} as last_word,
        {{ address_part('address_line', '[|] *([A-Z]{2})$', 1) }} as last_code
    from cleaned
),

with_country as (
    select
        ended.address_text,
        ended.given_country_code,
        ended.contact_country_code,
        ended.address_line,
        coalesce(
            by_segment.country_code, by_two_words.country_code, by_word.country_code,
            case when ended.last_code in ('DE', 'AT', 'CH', 'LI', 'FR', 'NL', 'BE', 'LU', 'IT', 'ES', 'PL', 'DK', 'SE', 'CZ') then ended.last_code end
        ) as named_country_code,
        case
            when by_segment.country_code is not null or ended.last_code in ('DE', 'AT', 'CH', 'LI', 'FR', 'NL', 'BE', 'LU', 'IT', 'ES', 'PL', 'DK', 'SE', 'CZ')
                then regexp_replace(ended.address_line, '[|,;]?[^|,;]+$', '')
            when by_two_words.country_code is not null then regexp_replace(ended.address_line, '[ (/-]*[^|,; ]+ [^|,; ]+$', '')
            when by_word.country_code is not null then regexp_replace(ended.address_line, '[ (/-]*[^|,; ()/]+[)]?$', '')
            else ended.address_line
        end as shortened_line
    from ended
    left join country_names as by_segment on ended.normal_segment = by_segment.spelling
    left join country_names as by_two_words on ended.last_two_words = by_two_words.spelling and by_segment.spelling is null
    left join country_names as by_word on ended.last_word = by_word.spelling and by_segment.spelling is null and length(by_word.spelling) >= 4
),

-- "L-1111 Luxembourg": a country's name that is a city's as well stays; a second country line ("England|United Kingdom") goes
placed as (
    select
        *,
        case
            when not regexp_like(coalesce({{ address_part('shortened_line', '([^|,;]*)$', 1) }}, ''), '([A-Z]{1,3}[ -]+)?[0-9 -]*', 's')
                then trim(regexp_replace(shortened_line, '[|,;] *(england|scotland|wales|northern ireland|great britain|republic of ireland)$', '', 1, 0, 'i'), ' |,;')
            else address_line
        end as place_line
    from with_country
),

read_countries as (
    select
        *,
        upper({{ address_part('place_line', before ~ prefix ~ leading_code, 3) }}) as zip_prefix,
        -- codes that only one country writes so
        case
            when regexp_like(place_line, '.*〒.*', 's') then 'JP'
            when regexp_like(place_line, '.*[ ,|]{{ canadian_code }}$', 's') then 'CA'
            when regexp_like(place_line, '.*[ ,|]{{ british_code }}$', 's') then 'GB'
            when regexp_like(place_line, '.*[ ,|]{{ irish_code }}$', 's') then 'IE'
            when regexp_like(place_line, '.*[,|] *[^|,;0-9]+,? [A-Z]{2},? {{ american_zip }}$', 's') then 'US'
            when regexp_like(place_line, '^(.*[|,;] *)?[1-9][0-9]{3} ?[A-Z]{2} +[^|,;0-9]+$', 's') then 'NL'
            when regexp_like(place_line, '^(.*[|,;] *)?[0-9]{2}-[0-9]{3} +[^|,;0-9]+$', 's') then 'PL'
            when regexp_like(place_line, '^(.*[|,;] *)?[0-9]{4}-[0-9]{3} +[^|,;0-9]+$', 's') then 'PT'
        end as code_country_code
    from placed
),

with_form as (
    select
        *,
        coalesce(
            named_country_code,
            case zip_prefix
                {%- for short, code in prefix_countries.items() %}
                when '{{ short }}' then '{{ code }}'
                {%- endfor %}
                else zip_prefix
            end
        ) as text_country_code,
        coalesce(
            text_country_code,
            case when given_country_code in ('', '{{ var("preset_country") }}') then code_country_code end,
            nullif(given_country_code, ''),
            nullif(contact_country_code, ''),
            'ZZ'
        ) as form
    from read_countries
),

read_parts as (
    select
        address_text,
        given_country_code,
        contact_country_code,
        place_line,
        form,
        text_country_code,
        code_country_code,

        -- code before city: "10115 Berlin", "CH-8001 Zürich", "1012 AB Amsterdam", "111 22 Stockholm", also on two lines
        case form
            {%- for country, zip in zips.items() %}
            when '{{ country }}' then upper({{ address_part('place_line', before ~ prefix ~ zip ~ '[ |]+' ~ name, 5) }})
            {%- endfor %}
            {%- for country in behind %}
            when '{{ country }}' then null
            {%- endfor %}
            else {{ address_part('place_line', before ~ prefix ~ other_zip ~ '[ |]+' ~ name, 5) }}
        end as leading_zip,
        case form
            {%- for country, zip in zips.items() %}
            when '{{ country }}' then {{ address_part('place_line', before ~ prefix ~ zip ~ '[ |]+' ~ city, 7 if country in ('NL', 'PT') else 6) }}
            {%- endfor %}
            {%- for country in behind %}
            when '{{ country }}' then null
            {%- endfor %}
            else {{ address_part('place_line', before ~ prefix ~ other_zip ~ '[ |]+' ~ city, 6) }}
        end as leading_city,

        -- "London SW1A 1AA", or the code on a line of its own below the town, perhaps with the county between them
        case form
            when 'GB' then upper({{ address_part('place_line', '^(.*[|,; ])?' ~ british_code ~ '([|,; ].*)?$', 2, 'ise') }})
            when 'CA' then upper({{ address_part('place_line', '^(.*[|,; ])?' ~ canadian_code ~ '([|,; ].*)?$', 2, 'ise') }})
            when 'IE' then upper({{ address_part('place_line', '^(.*[|,; ])?' ~ irish_code ~ '([|,; ].*)?$', 2, 'ise') }})
            when 'US' then {{ address_part('place_line', '^(.*[|,; ])' ~ american_zip ~ '([|,; ].*)?$', 2) }}
            when 'AU' then {{ address_part('place_line', '^(.*[|,; ])([0-9]{4})([|,; ].*)?$', 2) }}
            when 'JP' then {{ address_part('place_line', japanese_zip, 1) }}
            when 'SG' then {{ address_part('place_line', '^(.*[|,; ])([0-9]{6})([|,; ].*)?$', 2) }}
            when 'IN' then {{ address_part('place_line', '^(.*[|,; -])([0-9]{3} ?[0-9]{3})([|,; ].*)?$', 2) }}
        end as trailing_zip,
        case
            when form in ('GB', 'IE') then {{ address_part('place_line', before ~ name ~ '[0-9]{0,2}[|,; ]+(' ~ british_code ~ '|' ~ irish_code ~ ')', 2, 'ise') }}
        end as town,
        case
            when form in ('GB', 'IE')
                then {{ address_part('place_line', before ~ name ~ '[0-9]{0,2}[|,;] *[^|,;0-9]+[|,; ]+(' ~ british_code ~ '|' ~ irish_code ~ ')', 2, 'ise') }}
        end as town_before_county,
        case form
            -- "San Francisco, CA 94105", "New York NY 10001-1234", "Austin, Texas 78701", "Toronto, ON M5H 1A1", "Sydney NSW 2000"
            when 'US'
                then coalesce(
                    {{ address_part('place_line', before ~ name ~ '[|,; ]+[A-Z]{2}[.,| ]+' ~ american_zip, 2) }},
                    {{ address_part('place_line', before ~ name ~ '[|,;] *[A-Za-z. ]+[,| ]+' ~ american_zip, 2) }}
                )
            when 'CA'
                then coalesce(
                    {{ address_part('place_line', before ~ name ~ '[|,; (]+[A-Z]{2}[).,| ]+' ~ canadian_code, 2) }},
                    {{ address_part('place_line', before ~ '([^|,;0-9(]+)[|,;(] *[^|,;0-9]+[,| )]+' ~ canadian_code, 2) }},
                    {{ address_part('place_line', before ~ name ~ '[|, ]+' ~ canadian_code, 2) }}
                )
            when 'AU'
                then coalesce(
                    {{ address_part('place_line', before ~ name ~ '[|,; ]+(NSW|VIC|QLD|WA|SA|TAS|ACT|NT)[,| ]+[0-9]{4}', 2) }},
                    {{ address_part('place_line', before ~ name ~ '[|,; ]+[0-9]{4}', 2) }}
                )
            when 'SG' then coalesce({{ address_part('place_line', before ~ name ~ '[|, ]+[0-9]{6}', 2) }}, 'Singapore')
            when 'IN' then {{ address_part('place_line', before ~ '([^|,;0-9-][^|,;0-9-]*)[|, -]+[0-9]{3} ?[0-9]{3}', 2) }}
            -- "〒100-0005 東京都千代田区丸の内1-1", "Chiyoda-ku, Tokyo 100-0005", "Yokohama-shi, Kanagawa 220-0012", "〒150-0002|Tokyo"
            when 'JP'
                then coalesce(
                    {{ address_part('place_line', '(東京)都', 1) }},
                    {{ address_part('place_line', '(北海道|[^|, 0-9]{2,3}[府県]) *([^|, 0-9市区町村]+[市区町村])', 2) }},
                    {{ address_part('place_line', '([^|, 0-9市区町村〒]+[市区町村])', 1) }},
                    {{ address_part('place_line', before ~ '([A-Za-z][A-Za-z ]*)[- ]shi([|, ].*)?$', 2, 'ise') }},
                    {{ address_part('place_line', '〒 ?' ~ japanese_zip ~ '[|,; ]+([^|,;0-9]+)', 2) }},
                    {{ address_part('place_line', before ~ '([^|,;0-9]+)[|,; ]+〒? ?' ~ japanese_zip, 2) }},
                    {{ address_part('place_line', japanese_zip ~ '[|,; ]+([^|,;0-9]+)', 2) }}
                )
        end as trailing_city,

        -- "Berlin 10115"
        {{ address_part('place_line', before ~ name ~ '[ ,]+([0-9]{4,6})$', 2) }} as reversed_city,
        {{ address_part('place_line', before ~ name ~ '[ ,]+([0-9]{4,6})$', 3) }} as reversed_zip,
        -- a city without a code; in Ireland a county may follow it
        {{ address_part("regexp_replace(place_line, '[|,;] *(Co[.]|County) [^|,;0-9]+$', '')", '[|,;] *([^|,;0-9]+)( [0-9]{1,2})?$', 1) }} as last_name
    from with_form
),

settled as (
    select
        read_parts.*,
        coalesce(
            read_parts.leading_city,
            case
                when
                    read_parts.form in ('GB', 'IE')
                    and british_counties.county is null
                    and not startswith(lower(coalesce(read_parts.town, '')), 'co. ')
                    and not startswith(lower(coalesce(read_parts.town, '')), 'county ')
                    then read_parts.town
                when read_parts.form in ('GB', 'IE') then coalesce(read_parts.town_before_county, read_parts.town)
            end,
            read_parts.trailing_city
        ) as coded_city,
        case
            when read_parts.form in ('DE', 'AT', 'CH', 'FR', 'IT', 'ES') and known_reversed.normal_city is null then null
            when read_parts.form in ('GB', 'IE', 'US', 'CA', 'JP') then null
            else read_parts.reversed_city
        end as reversed_known_city,
        case
            when
                known_last.normal_city is not null
                or (read_parts.text_country_code is not null and read_parts.form not in ('DE', 'AT', 'CH', 'FR', 'NL'))
                then read_parts.last_name
        end as bare_city
    from read_parts
    left join british_counties on lower(read_parts.town) = british_counties.county
    left join known_places as known_reversed
        on read_parts.form = known_reversed.country_code and {{ normal_name('read_parts.reversed_city') }} = known_reversed.normal_city
    left join known_places as known_last
        on read_parts.form = known_last.country_code and {{ normal_name('read_parts.last_name') }} = known_last.normal_city
)

select
    addressed.invoice_id,
    settled.form as address_form,
    settled.text_country_code,
    settled.code_country_code,
    coalesce(
        settled.leading_zip, settled.trailing_zip,
        case when settled.coded_city is null and settled.reversed_known_city is not null then settled.reversed_zip end
    ) as zip,
    coalesce(settled.coded_city, settled.reversed_known_city, settled.bare_city) as city
from addressed
inner join settled
    on
        addressed.address_text = settled.address_text
        and addressed.given_country_code = settled.given_country_code
        and addressed.contact_country_code = settled.contact_country_code
