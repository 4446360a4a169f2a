{#- City and country of every invoice under the names that all spellings share. Reading addresses is the dearest part of a build, so the result is kept, and
    written only where it differs. -#}
{{ config(materialized='incremental', incremental_strategy='sync', unique_key='invoice_id', on_schema_change='sync_all_columns') }}

with

candidates as (
    select * from {{ ref('invoice_place_candidates') }}
),

names as (
    select * from {{ ref('place_names') }}
),

labels as (
    select * from {{ ref('country_labels') }}
)

select
    candidates.invoice_id,
    case when candidates.city_source = 'decision' then candidates.city else coalesce(names.city_name, 'Unknown') end as city,
    coalesce(names.city_as_written, 'Unknown') as city_as_written,
    case
        when candidates.city_source = 'decision' then 'decision'
        when names.city_name is null then 'unknown'
        when names.is_by_zip then 'postal_code'
        else candidates.city_source
    end as city_source,
    candidates.zip,
    candidates.country_code,
    coalesce(labels.country_name_de, candidates.country_code) as country_name_de,
    coalesce(labels.country_name_en, candidates.country_code) as country_name_en,
    candidates.country_source,
    candidates.text_country_code,
    names.zip_city,
    coalesce(names.zip_contradicts_city and candidates.city_source <> 'decision', false) as zip_contradicts_city,
    {{ written_at() }} as written_at
from candidates
left join names
    on
        candidates.country_code = names.country_code
        and coalesce(candidates.zip, '') = coalesce(names.zip, '')
        and coalesce(candidates.city, '') = coalesce(names.city, '')
left join labels on candidates.country_code = labels.country_code
