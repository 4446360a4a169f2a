{#- Every difference between what a closed month reported and what its documents say now. -#}
with

closed_months as (
    select * from {{ source('books', 'closed_months') }}
),

closed_documents as (
    select * from {{ source('books', 'closed_documents') }}
    where basis = 'invoice_date'
),

documents as (
    select documents.*, closed_months.closed_month
    from {{ ref('revenue_documents') }} as documents
    inner join closed_months on cast(date_trunc('month', documents.document_date) as date) = closed_months.closed_month
),

compared as (
    select
        coalesce(closed_documents.closed_month, documents.closed_month) as closed_month,
        coalesce(closed_documents.document_kind, documents.document_kind) as document_kind,
        coalesce(closed_documents.document_id, documents.document_id) as document_id,
        coalesce(documents.document_number, closed_documents.document_number) as document_number,
        case
            when closed_documents.document_id is null then 'added'
            when documents.document_id is null then 'removed'
            else 'changed'
        end as change,
        coalesce(closed_documents.total_amount_eur, 0) as amount_closed_eur,
        coalesce(documents.total_amount_eur, 0) as amount_now_eur,
        coalesce(closed_documents.net_amount_eur, 0) as net_amount_closed_eur,
        coalesce(documents.net_amount_eur, 0) as net_amount_now_eur,
        closed_documents.city is distinct from documents.city or closed_documents.country_code is distinct from documents.country_code as has_moved
    from closed_documents
    full outer join documents
        on
            closed_documents.closed_month = documents.closed_month
            and closed_documents.document_kind = documents.document_kind
            and closed_documents.document_id = documents.document_id
)

select
    compared.closed_month,
    compared.document_kind,
    compared.document_id,
    compared.document_number,
    compared.change,
    cast(compared.amount_closed_eur as number(18, 2)) as amount_closed_eur,
    cast(compared.amount_now_eur as number(18, 2)) as amount_now_eur,
    cast(compared.amount_now_eur - compared.amount_closed_eur as number(18, 2)) as difference_eur,
    cast(compared.net_amount_now_eur - compared.net_amount_closed_eur as number(18, 2)) as net_difference_eur,
    closed_months.closed_at,
    closed_months.closed_by
from compared
inner join closed_months on compared.closed_month = closed_months.closed_month
where
    compared.amount_now_eur <> compared.amount_closed_eur
    or compared.net_amount_now_eur <> compared.net_amount_closed_eur
    or compared.has_moved
