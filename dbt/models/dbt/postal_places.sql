{#- Which places a postal code belongs to. The seed holds a line of text per country and first digit, "place:code,from-to;…", since a row per code
    would cost every build half a minute. -#}
{{ config(materialized='table') }}

with

entries as (
    select seed.country_code, cast(entry.value as varchar) as entry
    from {{ ref('postal_codes') }} as seed,
        lateral flatten(input => split(seed.places, ';')) as entry
),

named as (
    select country_code, split_part(entry, ':', 1) as city, split_part(entry, ':', 2) as codes
    from entries
),

ranges as (
    select named.country_code, named.city, cast(part.value as varchar) as codes
    from named,
        lateral flatten(input => split(named.codes, ',')) as part
)

select
    country_code,
    split_part(codes, '-', 1) as zip_from,
    coalesce(nullif(split_part(codes, '-', 2), ''), split_part(codes, '-', 1)) as zip_to,
    city,
    {{ normal_name('city') }} as normal_city
from ranges
