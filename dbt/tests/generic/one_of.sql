{#- A column that only takes known values. -#}
{% test one_of(model, column_name, values, what, label) %}
select
    '{{ model.identifier | upper }}: ' || coalesce(cast({{ label }} as varchar), 'a row without a name') || ' has the {{ what }} "'
    || {{ column_name }} || '", which no rule covers. Known are: {{ values | join(", ") }}.' as problem
from {{ model }}
where {{ column_name }} not in ('{{ values | join("', '") }}')
{% endtest %}
