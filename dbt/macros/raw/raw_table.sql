{#- What staging knows of a RAW table when it compiles: `exists`, its `relation`, and `columns`, by lower-case name. Names are matched without regard
    to case, because tables that other loaders created may hold `create` where ours hold CREATE.
    A company without credit notes or orders has no such table: only `required` tables must be there. -#}
{% macro raw_table(name, required=false) %}
    {% set relation = source('sevdesk', name) %}
    {% set table = {'name': name, 'relation': relation, 'exists': true, 'introspected': false, 'columns': {}} %}
    {% if execute and var('introspect_raw') %}
        {% do table.update({'introspected': true}) %}
        {% if load_relation(relation) is none %}
            {% if required %}
                {{ exceptions.raise_compiler_error(
                    'The table ' ~ relation ~ ' does not exist, so there is nothing to build from. Load it first: meltano run tap-sevdesk target-snowflake-ts. '
                    ~ 'If it lies elsewhere, set the dbt variables raw_database and raw_schema.'
                ) }}
            {% endif %}
            {% do log('The table ' ~ relation ~ ' does not exist; it is taken to be empty.', info=true) %}
            {% do table.update({'exists': false}) %}
        {% else %}
            {% for column in adapter.get_columns_in_relation(relation) %}
                {% do table['columns'].update({column.name | lower: column}) %}
            {% endfor %}
        {% endif %}
    {% endif %}
    {{ return(table) }}
{% endmacro %}


{#- The FROM clause of a RAW table; of no rows where it does not exist. -#}
{% macro raw_from(table) -%}
    {%- if table.exists -%} {{ table.relation }} {%- else -%} (select null as nothing from (values (0)) as no_row where false) {%- endif -%}
{%- endmacro %}
