{#- The incremental strategy `sync`: afterwards the table holds exactly what the model's query gives, and only rows that differ were written.

    The query is computed in full, since any input may change a row (a contact's address, a rate, a cancellation, a credit note, a deletion), and no
    watermark sees all of them. What is saved is writing: rows that are gone are deleted, rows that differ in any column are updated, new ones are
    inserted, in one transaction. A build in which nothing changed writes nothing.
    A column WRITTEN_AT, if the model has one, tells when a row was written and is no difference by itself. -#}
{% macro get_incremental_sync_sql(arg_dict) %}
    {% set target = arg_dict['target_relation'] %}
    {% set source = arg_dict['temp_relation'] %}
    {% set key = adapter.quote(arg_dict['unique_key'] | upper) %}
    {% set columns = arg_dict['dest_columns'] | map(attribute='quoted') | list %}
    {% set written_at = adapter.quote('WRITTEN_AT') %}
    {% set compared = columns | reject('in', [key, written_at]) | list %}

    {% set statements %}
        delete from {{ target }}
        where {{ key }} not in (select {{ key }} from {{ source }} where {{ key }} is not null);

        merge into {{ target }} as present
        using {{ source }} as wanted
        on present.{{ key }} = wanted.{{ key }}
        when matched and (
            {%- if written_at in columns %}
            present.{{ written_at }} is null or
            {%- endif %}
            {%- for column in compared %}
            present.{{ column }} is distinct from wanted.{{ column }}{{ ' or' if not loop.last }}
            {%- endfor %}
        ) then update set
            {%- for column in columns if column != key %}
            {{ column }} = wanted.{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        when not matched then insert ({{ columns | join(', ') }})
        values ({% for column in columns %}wanted.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
    {% endset %}
    {{ return(snowflake_dml_explicit_transaction(statements)) }}
{% endmacro %}
