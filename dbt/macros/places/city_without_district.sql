{#- What may be the city in "Berlin-Mitte", "Berlin - Neukölln" or "Berlin (Wedding)", in lower case, to look it up in the list of cities. -#}
{% macro city_without_district(city) -%} lower({{ address_part(city, '^([^-(/,]+)', 1) }}) {%- endmacro %}
