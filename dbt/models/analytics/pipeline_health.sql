{%- set raw_streams = {
    'invoices': 'INVOICES', 'contacts': 'CONTACTS', 'contact_addresses': 'CONTACT_ADDRESSES', 'credit_notes': 'CREDIT_NOTES', 'orders': 'ORDERS'
} -%}
{%- set built = [
    ('STAGING', 'invoices_stg', 'updated_at'), ('STAGING', 'contacts_stg', 'updated_at'), ('STAGING', 'contact_addresses_stg', 'updated_at'),
    ('STAGING', 'credit_notes_stg', 'updated_at'), ('STAGING', 'orders_stg', 'updated_at'),
    ('DBT', 'enriched', 'updated_at'), ('DBT', 'credit_notes_enriched', 'updated_at'),
    ('ANALYTICS', 'invoices_summary', 'updated_at'), ('ANALYTICS', 'credit_notes_summary', 'updated_at'), ('ANALYTICS', 'invoices_excluded', 'updated_at')
] -%}
{%- set stage_order = {'RAW': 1, 'STAGING': 2, 'DBT': 3, 'ANALYTICS': 4} -%}

-- depends_on: {{ ref('publication') }}
with

loads as (
    select * from {{ ref('loads_stg') }}
),

revenue_age as (
    select min(data_as_of) as data_as_of
    from loads
    where stream_name in ({{ revenue_streams() }})
),

review as (
    select
        count(distinct case when not is_counted then document_kind || document_id end) as documents_not_counted,
        count(distinct document_kind || document_id) as documents_to_review
    from {{ ref('invoices_to_review') }}
),

raw_tables as (
    {%- for stream, table_name in raw_streams.items() %}
        {%- set raw = raw_table(stream) %}
    select
        1 as stage_order,
        'RAW' as stage,
        '{{ table_name }}' as table_name,
        count(*) as row_count,
        '{{ stream }}' as stream_name,
        max({{ raw_instant(raw, 'update', required=false) }}) as newest_update
    from {{ raw_from(raw) }}
    where {{ raw_instant(raw, '_sdc_deleted_at', required=false) }} is null
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
),

built_tables as (
    {%- for stage, model, updated in built %}
    select
        {{ stage_order[stage] }} as stage_order,
        '{{ stage }}' as stage,
        '{{ model | upper }}' as table_name,
        count(*) as row_count,
        max({{ updated }}) as newest_update
    from {{ ref(model) }}
        {%- if not loop.last %}
    union all
        {%- endif %}
    {%- endfor %}
)

select
    raw_tables.stage_order,
    raw_tables.stage,
    raw_tables.table_name,
    raw_tables.row_count,
    raw_tables.newest_update,
    loads.data_as_of,
    datediff('minute', loads.data_as_of, current_timestamp()) as age_minutes,
    review.documents_not_counted,
    review.documents_to_review
from raw_tables
cross join review
left join loads on raw_tables.stream_name = loads.stream_name

union all

select
    built_tables.stage_order,
    built_tables.stage,
    built_tables.table_name,
    built_tables.row_count,
    built_tables.newest_update,
    revenue_age.data_as_of,
    datediff('minute', revenue_age.data_as_of, current_timestamp()) as age_minutes,
    review.documents_not_counted,
    review.documents_to_review
from built_tables
cross join review
cross join revenue_age
