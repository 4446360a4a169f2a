{#- A column that must never be empty; `label` names the row in the message, `why` says what is wrong with the figures otherwise. -#}
{% test always_given(model, column_name, what, label, why='') %}
select '{{ model.identifier | upper }}: ' || coalesce(cast({{ label }} as varchar), 'a row without a name') || ' has no {{ what }}.{{ " " ~ why if why }}' as problem
from {{ model }}
where {{ column_name }} is null
{% endtest %}
