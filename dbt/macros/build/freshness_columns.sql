{#- The streams that the revenue marts need: their data is as old as the oldest of them. -#}
{% macro revenue_streams() -%} 'invoices', 'contacts', 'contact_addresses', 'credit_notes', 'orders' {%- endmacro %}


{#- `data_as_of`: all changes at the source up to then are in the warehouse. Null where the loader keeps no ledger. -#}
{% macro data_as_of() -%}
    (select min(data_as_of) from {{ ref('loads_stg') }} where stream_name in ({{ revenue_streams() }}))
{%- endmacro %}


{#- `refreshed_at`: when this build began, the same for every table of one build. -#}
{% macro refreshed_at() -%} to_timestamp_tz('{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%S") }}+00:00', 'YYYY-MM-DD"T"HH24:MI:SSTZH:TZM') {%- endmacro %}


{#- `written_at` of tables built by the strategy `sync`: when this row was last inserted or changed. It does not count as a difference. -#}
{% macro written_at() -%} to_timestamp_tz('{{ run_started_at.strftime("%Y-%m-%dT%H:%M:%S.%f") }}+00:00', 'YYYY-MM-DD"T"HH24:MI:SS.FF6TZH:TZM') {%- endmacro %}
