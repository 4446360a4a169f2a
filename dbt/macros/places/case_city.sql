{#- A city written all in capitals or all in small letters, in the usual case: BAD HOMBURG, frankfurt am main. Any other spelling is left alone. -#}
{% macro case_city(city) -%}
    {%- set small_words = [' An Der ', ' Ob Der ', ' Am ', ' Im ', ' Der ', '-Sur-', ' Sur ', '-En-', '-De-', ' De ', '-Les-', '-La-', '-Le-', '-Upon-', ' Upon '] -%}
    {%- set cased = namespace(sql='initcap(' ~ city ~ ')') -%}
    {%- for word in small_words -%}
        {%- set cased.sql = 'replace(' ~ cased.sql ~ ", '" ~ word ~ "', '" ~ (word | lower) ~ "')" -%}
    {%- endfor -%}
    case when {{ city }} in (upper({{ city }}), lower({{ city }})) then {{ cased.sql }} else {{ city }} end
{%- endmacro %}
