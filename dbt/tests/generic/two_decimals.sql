{#- Amounts are kept to the cent: a contract checks a column's type but not its scale, so this does, and by the warehouse's own catalogue. -#}
{% test two_decimals(model, columns) %}
{%- set wrong = [] -%}
{%- if execute -%}
    {%- for column in adapter.get_columns_in_relation(model) if column.name | lower in columns and column.numeric_scale | int != 2 -%}
        {%- do wrong.append(column.name ~ ' with ' ~ column.numeric_scale ~ ' decimals') -%}
    {%- endfor -%}
{%- endif -%}
select '{{ model.identifier | upper }} keeps amounts with other than two decimals: {{ wrong | join(", ") }}.' as problem
from (values (0)) as one_row
where {{ 'true' if wrong else 'false' }}
{% endtest %}
