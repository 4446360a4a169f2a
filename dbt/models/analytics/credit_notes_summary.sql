{{ config(materialized='published') }}

select * from {{ ref('next_credit_notes_summary') }}
