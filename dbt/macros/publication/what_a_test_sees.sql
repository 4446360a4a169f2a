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
    {%- for entry in published_tables() if entry.table == relation.identifier | lower -%}
        {%- if is_of_this_target(relation, model_named(entry.table)) -%}
            {%- set next = model_named(entry.next) -%}
            {{ return(api.Relation.create(database=next.database, schema=next.schema, identifier=next.alias, type='view')) }}
        {%- endif -%}
    {%- endfor -%}
    {{ return(relation) }}
{% endmacro %}
