{{ config(materialized='published') }}

select * from {{ ref('next_invoices_excluded') }}
