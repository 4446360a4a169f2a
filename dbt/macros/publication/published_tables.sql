{#- The tables that are published together, each with the model that says what it must hold and the columns that tell rows apart. -#}
{% macro published_tables() %}
    {{ return([
        {'table': 'invoices_summary', 'next': 'next_invoices_summary', 'key': ['invoice_id']},
        {'table': 'credit_notes_summary', 'next': 'next_credit_notes_summary', 'key': ['credit_note_id']},
        {'table': 'invoices_excluded', 'next': 'next_invoices_excluded', 'key': ['document_kind', 'document_id']},
        {'table': 'invoices_to_review', 'next': 'next_invoices_to_review', 'key': none},
        {'table': 'restatements', 'next': 'next_restatements', 'key': none},
        {'table': 'published_cities', 'next': 'next_cities', 'key': none},
        {'table': 'published_countries', 'next': 'next_countries', 'key': none},
        {'table': 'published_months', 'next': 'next_months', 'key': none},
        {'table': 'published_raw_volumes', 'next': 'next_raw_volumes', 'key': none},
    ]) }}
{% endmacro %}
