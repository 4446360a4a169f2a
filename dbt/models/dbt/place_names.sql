{#- What each place in the data is called: for every country, postal code and city as written, the one name that all its spellings share. The postal code
    gives the city; of several places of one code it is the one that the text means. Where no list knows the code, the text is all there is. -#}
{{ config(materialized='table') }}

with

written as (
    select country_code, zip, city from {{ ref('invoice_place_candidates') }}
    union distinct
    select country_code, zip, city from {{ ref('credit_note_place_candidates') }}
),

-- "Sevilla (Sevilla)": there the province stands in brackets; in Germany what stands there tells two places of one name apart
bare as (
    select
        *,
        case when country_code in ('ES', 'FR', 'IT', 'PT') then regexp_replace(city, ' *[(][^)]*[)] *$', '') else city end as bare_city
    from written
),

trimmed as (
    select *, {{ tidy_city('bare_city') }} as tidy_city
    from bare
),

tidied as (
    select
        country_code,
        zip,
        city,
        -- the form in which lists hold codes: digits and letters only; of British ones the area
        case
            when country_code = 'GB' then regexp_substr(upper(zip), '^[A-Z]+')
            when country_code = 'NL' then substr(regexp_replace(zip, '[^0-9]', ''), 1, 4)
            else regexp_replace(zip, '[^0-9A-Za-z]', '')
        end as listed_zip,
        {{ case_city('tidy_city') }} as city_as_written,
        {{ normal_name('tidy_city') }} as normal_city
    from trimmed
),

spellings as (
    select * from {{ ref('city_spellings') }}
),

postal as (
    select * from {{ ref('postal_places') }}
),

-- "Munich" and "Muenchen" are looked up as München, "Berlin Mitte" as Berlin
known as (
    select
        tidied.*,
        coalesce(whole.city, district.city) as listed_city,
        coalesce({{ normal_name('coalesce(whole.city, district.city)') }}, tidied.normal_city) as compared_city
    from tidied
    left join spellings as whole on tidied.country_code = whole.country_code and tidied.normal_city = whole.normal_spelling
    left join spellings as district
        on
            tidied.country_code = district.country_code
            and split_part(tidied.normal_city, ' ', 1) = district.normal_spelling
            and district.has_districts
            and tidied.normal_city <> split_part(tidied.normal_city, ' ', 1)
),

codes as (
    select distinct country_code, listed_zip
    from known
    where listed_zip is not null
),

candidates as (
    select
        codes.country_code,
        codes.listed_zip,
        postal.city,
        coalesce({{ normal_name('spellings.city') }}, postal.normal_city) as normal_city,
        count(*) over (partition by codes.country_code, codes.listed_zip) as candidate_count
    from codes
    inner join postal
        on
            codes.country_code = postal.country_code
            and codes.listed_zip between postal.zip_from and postal.zip_to
            and length(codes.listed_zip) = length(postal.zip_from)
    left join spellings on postal.country_code = spellings.country_code and postal.normal_city = spellings.normal_spelling
),

matched as (
    select
        known.*,
        candidates.city as zip_city,
        candidates.candidate_count,
        case
            when candidates.city is null or known.compared_city is null then 0
            when known.compared_city = candidates.normal_city or known.normal_city = candidates.normal_city then 4
            when
                startswith(known.compared_city || ' ', candidates.normal_city || ' ')
                or startswith(known.normal_city || ' ', candidates.normal_city || ' ')
                then 3
            when
                length(known.compared_city) >= 3
                and (startswith(candidates.normal_city, known.compared_city) or startswith(candidates.normal_city, known.normal_city))
                then 2
            when endswith(' ' || known.normal_city, ' ' || candidates.normal_city) then 1
            else 0
        end as match_quality
    from known
    left join candidates on known.country_code = candidates.country_code and known.listed_zip = candidates.listed_zip
    qualify row_number() over (
        partition by known.country_code, known.zip, known.city
        order by match_quality desc, length(candidates.normal_city) desc, candidates.city
    ) = 1
),

-- a name that the country has elsewhere cannot be a district of this place
elsewhere as (
    select country_code, normal_city, min(city) as city
    from postal
    group by country_code, normal_city
),

judged as (
    select
        matched.*,
        elsewhere.city as elsewhere_city,
        matched.zip_city is not null
        and matched.match_quality = 0
        and matched.compared_city is not null
        and (elsewhere.city is not null or matched.listed_city is not null) as zip_contradicts_city
    from matched
    left join elsewhere on matched.country_code = elsewhere.country_code and matched.compared_city = elsewhere.normal_city
),

named as (
    select
        *,
        case
            when match_quality > 0 or zip_contradicts_city or (zip_city is not null and (candidate_count = 1 or city is null)) then zip_city
            when listed_city is not null then listed_city
            else coalesce(elsewhere_city, city_as_written)
        end as plain_city,
        (match_quality = 0 and zip_city is not null and (zip_contradicts_city or candidate_count = 1 or city is null)) as is_by_zip
    from judged
)

select
    named.country_code,
    named.zip,
    named.city,
    coalesce(spellings.city, named.plain_city) as city_name,
    coalesce(named.city_as_written, named.plain_city) as city_as_written,
    named.zip_city,
    named.zip_contradicts_city,
    named.is_by_zip
from named
left join spellings on named.country_code = spellings.country_code and {{ normal_name('named.plain_city') }} = spellings.normal_spelling
