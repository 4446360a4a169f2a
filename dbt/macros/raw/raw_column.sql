{#- A RAW column's quoted name as the warehouse spells it, or none where the table has no such column.
    A `required` column that is missing ends the build with a sentence that says what to do. -#}
{% macro raw_column(table, name, required=true) %}
    {% if not table.introspected %}{{ return(adapter.quote(name | upper)) }}{% endif %}
    {% set column = table['columns'].get(name | lower) %}
    {% if column is none and table.exists and required %}
        {{ exceptions.raise_compiler_error(
            table.relation ~ ' has no column ' ~ (name | upper) ~ ', which holds the field ' ~ name ~ ' of sevDesk. It was renamed at the source or is no longer '
            ~ 'loaded, so the figures would be wrong: nothing was built from this table. Compare the stream\'s schema with the catalogue of the tap, '
            ~ 'then load again or map the new name in the staging model of ' ~ table.name ~ '.'
        ) }}
    {% endif %}
    {{ return(none if column is none else adapter.quote(column.name)) }}
{% endmacro %}


{#- The upper-case type of a RAW column, TEXT where it is not known. -#}
{% macro raw_type(table, name) %}
    {% set column = table['columns'].get(name | lower) %}
    {{ return('TEXT' if column is none else column.dtype | upper) }}
{% endmacro %}
