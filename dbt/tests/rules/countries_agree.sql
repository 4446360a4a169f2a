{{ config(severity='warn') }}
{#- sevDesk presets Germany as the country of an address. Where the text of the address says otherwise, the field still counts, but somebody should look. -#}

select
    'Invoice ' || coalesce(summary.invoice_number, summary.invoice_id) || ' is counted in ' || summary.country_name_en
    || ' by its country field, but its address ends in another country (' || places.text_country_code || '). Correct the country in sevDesk.' as problem
from {{ ref('invoices_summary') }} as summary
inner join {{ ref('invoice_places') }} as places on summary.invoice_id = places.invoice_id
where summary.country_source = 'address_country' and places.text_country_code <> summary.country_code
