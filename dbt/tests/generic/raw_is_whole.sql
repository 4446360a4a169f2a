{#- A RAW table is there, with the columns that the rules need, those of `also_read` if it had them before, and with the rows that were loaded. It runs before anything is built from the table. -#}
{% test raw_is_whole(model, stream, columns, required=false, also_read=none) %}
{%- set faults = raw_faults(stream, columns, required, also_read) -%}
{%- if faults %}
    {%- for fault in faults %}
select '{{ fault | replace("'", "''") }}' as problem
        {%- if not loop.last %}
union all
        {%- endif %}
    {%- endfor %}
{%- else %}
select '' as problem
from (values (0)) as no_fault
where false
{%- endif %}
{% endtest %}
