select * from {{ ref('next_raw_volumes') }}
