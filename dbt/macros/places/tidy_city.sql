{#- A city without what is no part of its name: repeated spaces, the French postal CEDEX, the number of a district ("Wien 3", "Paris 8e", "Genève 3"). -#}
{% macro tidy_city(city) -%}
    {%- set spaced = "regexp_replace(" ~ city ~ ", '[[:space:]]+', ' ')" -%}
    {%- set without_cedex = "regexp_replace(" ~ spaced ~ ", ' +[Cc][Ee][Dd][Ee][Xx]( [0-9]+)? *$', '')" -%}
    {%- set without_number = "regexp_replace(" ~ without_cedex ~ ", '[ ,]+[0-9]{1,2}(e|er|ème|eme)? *$', '')" -%}
    trim({{ without_number }}, ' ,;.-')
{%- endmacro %}
