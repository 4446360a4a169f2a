select * from {{ ref('next_cities') }}
