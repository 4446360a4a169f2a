{#- Up to which moment of the source each stream is loaded, from the loader's ledger: a row per run, cut and stream, also when nothing had changed.
    A stream whose window is not stated was read in full, after the run had started. -#}
{%- set raw = raw_table('load_ledger') %}

with

source as (
    select
        {{ raw_text(raw, 'stream') }} as stream_name,
        {{ raw_instant(raw, 'window_end') }} as window_end,
        {{ raw_instant(raw, 'started_at') }} as started_at,
        {{ raw_instant(raw, 'committed_at') }} as committed_at
    from {{ raw_from(raw) }}
)

select
    stream_name,
    coalesce(max(window_end), max(started_at)) as data_as_of,
    max(committed_at) as loaded_at
from source
group by stream_name
