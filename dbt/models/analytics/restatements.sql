{{ config(materialized='published') }}

select * from {{ ref('next_restatements') }}
