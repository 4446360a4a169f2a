{#- Whether a text names anything: more than digits, spaces and punctuation. -#}
{% macro has_letters(text) -%} regexp_like({{ text }}, '.*[^0-9 ,;.:|/()_-].*', 's') {%- endmacro %}
