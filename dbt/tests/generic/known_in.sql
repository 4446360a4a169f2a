{#- Every value of a column must be found in a column of another model. -#}
{% test known_in(model, column_name, to, field, what, label) %}
select '{{ model.identifier | upper }}: ' || coalesce(cast(child.{{ label }} as varchar), 'a row') || ' names the {{ what }} ' || child.{{ column_name }} || ', which is not in the data.' as problem
from {{ model }} as child
left join {{ to }} as parent on child.{{ column_name }} = parent.{{ field }}
where child.{{ column_name }} is not null and parent.{{ field }} is null
{% endtest %}
