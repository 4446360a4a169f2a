select * from {{ ref('next_countries') }}
