{#- The statuses at which a document is issued: open, partially paid, paid. -#}
{% macro counted_statuses() -%} '200', '750', '1000' {%- endmacro %}


{#- The types of invoice that can be revenue: invoice, partial, advance, final and cancellation. -#}
{% macro counted_types() -%} 'RE', 'TR', 'AR', 'ER', 'SR' {%- endmacro %}
