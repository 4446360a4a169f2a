{#- The documents that do not count until somebody decides on them, one row each, where they would stand. -#}
select document_kind, document_id, min(city) as city, min(country_code) as country_code
from {{ ref('next_invoices_to_review') }}
where not is_counted
group by document_kind, document_id
