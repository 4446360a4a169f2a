{#- The rate of tax in percent: the usual rate that explains the tax to the cent, else the tax as a share of the net sum (several rates in one document). -#}
{% macro effective_tax_rate(gross, net, written) -%}
    cast(
        case
            when coalesce({{ net }}, 0) = 0 then null
            when {{ written }} > 0 and abs({{ gross }} - {{ net }} - {{ net }} * {{ written }} / 100) <= 0.02 then {{ written }}
            {%- for rate in ['0', '19', '7', '16', '5', '20', '10', '13', '8.1', '7.7'] %}
            when abs({{ gross }} - {{ net }} - {{ net }} * {{ rate }} / 100) <= 0.02 then {{ rate }}
            {%- endfor %}
            else round(100 * ({{ gross }} - {{ net }}) / {{ net }}, 2)
        end as number(9, 2)
    )
{%- endmacro %}
