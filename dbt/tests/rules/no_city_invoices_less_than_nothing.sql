{#- A cancellation stands in the city of what it cancels, so what a city invoiced cannot fall below zero. -#}
select
    city || ' (' || country_code || ') has the negative invoiced total ' || cast(invoiced_amount_eur as varchar)
    || ' EUR: more was cancelled there than was ever invoiced. Look for a negative invoice, or a cancellation whose original is missing.' as problem
from {{ ref('invoices_amount_by_city') }}
where invoiced_amount_eur < 0
