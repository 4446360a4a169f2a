{#- sevDesk gives a document's sums in the account's currency and, beside them, in the document's own. Some documents in another currency lack the
    first: it is null, 0, or a copy of the second. Then the second is the only sum, and has to be converted. An unused foreign sum is 0. -#}

{#- Whether the document's sum is only given in its own currency. -#}
{% macro lacks_account_sum(currency, gross, gross_foreign) -%}
    (
        {{ currency }} <> '{{ var("account_currency") }}'
        and coalesce({{ gross_foreign }}, 0) <> 0
        and (coalesce({{ gross }}, 0) = 0 or {{ gross }} = {{ gross_foreign }})
    )
{%- endmacro %}


{#- Where the euro amount comes from, given the currency that the usable sum is in and where its rate came from. -#}
{% macro amount_source(lacks_account_sum, sum_currency, rate_source) -%}
    case
        when {{ lacks_account_sum }} and {{ sum_currency }} = 'EUR' then 'document_sum'
        when {{ sum_currency }} = 'EUR' then 'sevdesk_sum'
        when {{ rate_source }} = 'manual' then 'manual_rate'
        when {{ rate_source }} = 'fixed' then 'fixed_rate'
        when {{ lacks_account_sum }} then 'ecb_rate'
        else 'account_sum_at_ecb_rate'
    end
{%- endmacro %}
