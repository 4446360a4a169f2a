{#- An amount in euro: `amount / rate`, rounded to cents, half a cent away from zero. Null without a rate.
    Exact on every engine: the quotient, which may have been cut or held in binary, only proposes a cent; decimal multiplication, which is exact,
    decides whether it is the nearest one. -#}
{% macro euro_at_rate(amount, rate) -%}
    {%- set cents = 'cast(round(abs(' ~ amount ~ ') / ' ~ rate ~ ', 2) as number(18, 2))' -%}
    {%- set twice_the_rest = '2 * (abs(' ~ amount ~ ') - ' ~ cents ~ ' * ' ~ rate ~ ')' -%}
    cast(
        sign({{ amount }}) * (
            {{ cents }}
            + case
                when {{ twice_the_rest }} >= 0.01 * {{ rate }} then 0.01
                when {{ twice_the_rest }} < -0.01 * {{ rate }} then -0.01
                else 0.00
            end
        ) as number(18, 2)
    )
{%- endmacro %}
