{#- A model of this project, by its name; none where there is no such model. -#}
{% macro model_named(name) %}
    {{ return(graph.nodes.get('model.' ~ project_name ~ '.' ~ name)) }}
{% endmacro %}


{#- Whether a relation is where this target builds the model; with `--defer`, `ref` may name another target's. -#}
{% macro is_of_this_target(relation, node) %}
    {{ return(node and (relation.database | lower, relation.schema | lower) == (node.database | lower, node.schema | lower)) }}
{% endmacro %}


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
