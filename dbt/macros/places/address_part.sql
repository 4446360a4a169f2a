{#- One group of the first match of a pattern in an address; null when there is none. Flags: s lets "." match anything, e extracts the group, i ignores case. -#}
{% macro address_part(text, pattern, group, flags='se') -%}
    nullif(trim(regexp_substr({{ text }}, '{{ pattern }}', 1, 1, '{{ flags }}', {{ group }})), '')
{%- endmacro %}
