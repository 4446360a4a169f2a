{{ config(materialized='incremental', unique_key='id', incremental_strategy='delete+insert', on_schema_change='append_new_columns') }}
select id, customer, amount {% if is_incremental() %}, 1 as added_later {% endif %} from {{ ref('payments') }}
