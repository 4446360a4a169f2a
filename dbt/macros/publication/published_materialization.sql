{#- A table that only `publication` fills: this makes sure that it is there with the columns of its contract, and leaves its rows alone. -#}
{% materialization published, adapter='snowflake' %}
    {%- set target_relation = this.incorporate(type='table') -%}
    {%- set existing = load_cached_relation(this) -%}
    {{ run_hooks(pre_hooks) }}

    {%- if existing is not none and not existing.is_table -%}
        {%- do adapter.drop_relation(existing) -%}
        {%- set existing = none -%}
    {%- endif -%}

    {%- if existing is none -%}
        {%- set shape -%} select * from ({{ sql }}) as shape where false {%- endset -%}
        {%- call statement('main') -%} {{ get_create_table_as_sql(False, target_relation, shape) }} {%- endcall -%}
    {%- else -%}
        {%- set present = adapter.get_columns_in_relation(existing) | map(attribute='name') | map('lower') | list -%}
        {%- call statement('main') -%}
            {%- set missing = model.columns.values() | rejectattr('name', 'in', present) | list -%}
            {%- if missing %}
            alter table {{ existing }} add column {% for column in missing %}{{ column.name }} {{ column.data_type }}{{ ', ' if not loop.last }}{% endfor %}
            {%- else %}
            select 'The table has its columns.' as result
            {%- endif %}
        {%- endcall -%}
        {%- set wanted = model.columns.keys() | map('lower') | list -%}
        {%- for name in present if name not in wanted -%}
            {%- do run_query('alter table ' ~ existing ~ ' drop column ' ~ name) -%}
        {%- endfor -%}
    {%- endif -%}

    {% do persist_docs(target_relation, model) %}
    {{ run_hooks(post_hooks) }}
    {{ return({'relations': [target_relation]}) }}
{% endmaterialization %}
