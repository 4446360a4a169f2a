select * from {{ ref('next_months') }}
