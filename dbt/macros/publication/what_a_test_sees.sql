{#- A table that `publication` fills still holds what was published before while its tests run. A test of it is asked of what will be published, so that
    one that fails keeps it from being published. These two are dbt's own ways in: `ref` for tests in SQL, `get_where_subquery` for tests in YAML. -#}
{% macro ref() %}
    {%- set relation = builtins.ref(*varargs, **kwargs) -%}
    {%- if execute and model.resource_type == 'test' -%}
        {{ return(candidate_of(relation)) }}
    {%- endif -%}
    {{ return(relation) }}
{% endmacro %}


{% macro get_where_subquery(relation) -%}
    {{ return(dbt.default__get_where_subquery(candidate_of(relation) if execute else relation)) }}
{%- endmacro %}


{#- The view with the rows that a published table will hold; any other relation as it is. A table of another target, which `--defer` may name, is
    published already. -#}
{% macro candidate_of(relation) %}
    {%- for entry in published_tables() -%}
        {%- set table = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', entry.table) | first -%}
        {%- set next = graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | selectattr('name', 'equalto', entry.next) | first -%}
        {%- if table and next and (relation.database | lower, relation.schema | lower, relation.identifier | lower) == (table.database | lower, table.schema | lower, table.alias | lower) -%}
            {{ return(api.Relation.create(database=next.database, schema=next.schema, identifier=next.alias, type='view')) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(relation) }}
{% endmacro %}
