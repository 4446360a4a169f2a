{#- The one switch: everything that was built and tested goes to the tables that people read in one transaction, so that all marts change together or
    none does. Of tables with a key only rows that differ are written. -#}
{% materialization publication, adapter='snowflake' %}
    {{ run_hooks(pre_hooks) }}

    {#- `dbt build` has tested before it comes here; other commands have not. -#}
    {%- if flags.WHICH != 'build' -%}
        {%- for node in graph.nodes.values() if node.resource_type == 'test' and node.test_metadata and node.test_metadata.name == 'raw_is_whole' -%}
            {%- set kwargs = node.test_metadata.kwargs -%}
            {%- for fault in raw_faults(kwargs.stream, kwargs.columns, kwargs.required or false, kwargs.also_read) -%}
                {%- do exceptions.raise_compiler_error(fault) -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}

    {#- Tables of this target only: with `--defer`, `ref` may name production's. -#}
    {%- set writes = [] -%}
    {%- for entry in published_tables() -%}
        {%- set table = ref(entry.table) -%}
        {%- if is_of_this_target(table, model_named(entry.table)) -%}
            {%- set columns = adapter.get_columns_in_relation(table) | map(attribute='quoted') | list -%}
            {%- do writes.append(write_published(table, ref(entry.next), columns, entry.key)) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- do run_query('alter session set transaction_abort_on_error = true') -%}
    {%- call statement('main') -%} {{ snowflake_dml_explicit_transaction(writes | join(';\n')) }} {%- endcall -%}

    {{ run_hooks(post_hooks) }}
    {{ return({'relations': []}) }}
{% endmaterialization %}


{% macro write_published(target, source, columns, key) %}
    {%- set written_at = adapter.quote('WRITTEN_AT') -%}
    {%- if key %}
        {%- set keys = [] -%}
        {%- for column in key -%} {%- do keys.append(adapter.quote(column | upper)) -%} {%- endfor -%}
        {%- set compared = columns | reject('in', keys + [written_at]) | list %}
        delete from {{ target }} as present
        where not exists (
            select 1 from {{ source }} as wanted
            where {% for column in keys %}present.{{ column }} = wanted.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
        );

        merge into {{ target }} as present
        using {{ source }} as wanted
        on {% for column in keys %}present.{{ column }} = wanted.{{ column }}{{ ' and ' if not loop.last }}{% endfor %}
        when matched and (
            {%- for column in compared %}
            present.{{ column }} is distinct from wanted.{{ column }}{{ ' or' if not loop.last }}
            {%- endfor %}
        ) then update set
            {%- for column in columns if column not in keys %}
            {{ column }} = wanted.{{ column }}{{ ',' if not loop.last }}
            {%- endfor %}
        when not matched then insert ({{ columns | join(', ') }})
        values ({% for column in columns %}wanted.{{ column }}{{ ', ' if not loop.last }}{% endfor %})
    {%- else %}
        delete from {{ target }};

        insert into {{ target }} ({{ columns | join(', ') }})
        select {{ columns | join(', ') }} from {{ source }}
    {%- endif %}
{% endmacro %}
