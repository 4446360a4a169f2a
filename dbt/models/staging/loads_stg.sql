{#- Up to which moment of the source each stream is loaded, from the loader's ledger: a row per run and stream, also when nothing had changed. -#}
{%- set raw = raw_table('loads') %}

with

source as (
    select
        {{ raw_text(raw, 'stream_name') }} as stream_name,
        {{ raw_instant(raw, 'data_as_of', required=false) }} as data_as_of,
        {{ raw_instant(raw, 'loaded_at', required=false) }} as loaded_at
    from {{ raw_from(raw) }}
)

select
    stream_name,
    max(data_as_of) as data_as_of,
    max(loaded_at) as loaded_at
from source
group by stream_name
