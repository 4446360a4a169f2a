{#- `amount * part / whole`, rounded to cents, half a cent away from zero; `amount` itself where `whole` is 0. Exact on every engine: the quotient only
    proposes a cent, decimal multiplication decides. -#}
{% macro proportion(amount, part, whole) -%}
    {%- set product = '(cast(' ~ amount ~ ' as number(18, 2)) * cast(' ~ part ~ ' as number(18, 2)))' -%}
    {%- set divisor = 'abs(cast(' ~ whole ~ ' as number(18, 2)))' -%}
    {%- set cents = 'cast(round(abs(' ~ product ~ ') / nullif(' ~ divisor ~ ', 0), 2) as number(18, 2))' -%}
    {%- set twice_the_rest = '2 * (abs(' ~ product ~ ') - ' ~ cents ~ ' * ' ~ divisor ~ ')' -%}
    cast(
        case
            when {{ whole }} = 0 then {{ amount }}
            else sign({{ amount }}) * sign({{ part }}) * sign({{ whole }}) * (
                {{ cents }}
                + case
                    when {{ twice_the_rest }} >= 0.01 * {{ divisor }} then 0.01
                    when {{ twice_the_rest }} < -0.01 * {{ divisor }} then -0.01
                    else 0.00
                end
            )
        end as number(18, 2)
    )
{%- endmacro %}
