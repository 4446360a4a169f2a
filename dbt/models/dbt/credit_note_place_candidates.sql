{#- Country, postal code and city of every credit note by itself: its country field and the customer's address. -#}
select
    notes.credit_note_id,
    coalesce(countries.country_code, contacts.country_code, 'ZZ') as country_code,
    contacts.zip,
    contacts.city
from {{ ref('credit_notes_stg') }} as notes
left join {{ ref('countries_stg') }} as countries on notes.address_country_id = countries.country_id
left join {{ ref('contact_places') }} as contacts on notes.contact_id = contacts.contact_id
qualify row_number() over (partition by notes.credit_note_id order by countries.country_id) = 1
