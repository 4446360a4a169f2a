{#- In `local` and `prod` a model's schema is named exactly as the project says (STAGING, DBT, ANALYTICS). In `dev` and `ci`, which may be
    shared, it is prefixed with the target's own schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none -%}
        {{ target.schema | trim | upper }}
    {%- elif target.name in ('local', 'prod') -%}
        {{ custom_schema_name | trim | upper }}
    {%- else -%}
        {{ target.schema | trim | upper }}_{{ custom_schema_name | trim | upper }}
    {%- endif -%}
{%- endmacro %}
