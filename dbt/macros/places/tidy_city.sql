{#- A city without what is no part of its name: repeated spaces, the French postal CEDEX, the number of a district ("Wien 3", "Paris 8e", "Genève 3"), the
    letter of a Danish one ("København K"), an Italian province in brackets, and the name of a quarter ("OT Altranft"). -#}
{% macro tidy_city(city) -%}
    {%- set spaced = "regexp_replace(" ~ city ~ ", '[[:space:]]+', ' ')" -%}
    {%- set without_quarter = "regexp_replace(" ~ spaced ~ ", ' +(OT|Ortsteil|Stadtteil) .*$', '')" -%}
    {%- set without_cedex = "regexp_replace(" ~ without_quarter ~ ", ' +cedex( [0-9]+)? *$', '', 1, 0, 'i')" -%}
    {%- set without_province = "regexp_replace(" ~ without_cedex ~ ", ' *[(][A-Z]{2}[)] *$', '')" -%}
    {%- set without_number = "regexp_replace(" ~ without_province ~ ", '[ ,]+[0-9]{1,2}(e|er|ème|eme|[.])? *$', '')" -%}
    {%- set without_letter = "regexp_replace(" ~ without_number ~ ", ' (K|V|N|S|Ø|C|NV|SV|SØ|NØ)$', '')" -%}
    trim({{ without_letter }}, ' ,;.-|')
{%- endmacro %}
