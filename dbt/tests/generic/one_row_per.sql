{#- Each value of a column stands for one thing and must appear once. -#}
{% test one_row_per(model, column_name, what) %}
select
    'The {{ what }} ' || value || ' is in {{ model.identifier | upper }} ' || count(*) || ' times, so it would be counted ' || count(*) || ' times.' as problem
from (select {{ column_name }} as value from {{ model }}) as keys
group by value
having count(*) > 1
{% endtest %}
