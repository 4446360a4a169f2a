{#- The tables that `close-month` writes. No model makes them: what was closed must survive a full refresh. -#}
{% macro ensure_books() %}
    {% if execute %}
        {% set months = source_relation('books', 'closed_months') %}
        {% if load_relation(months) is none %}
            {% do run_query('create schema if not exists ' ~ months.without_identifier()) %}
            {% do run_query('create table if not exists ' ~ months ~ ' (closed_month date, closed_at timestamp_tz, closed_by varchar)') %}
        {% endif %}
        {% set documents = source_relation('books', 'closed_documents') %}
        {% if load_relation(documents) is none %}
            {% do run_query(
                'create table if not exists ' ~ documents ~ ' (closed_month date, basis varchar, document_kind varchar, document_id varchar, document_number varchar, '
                ~ 'city varchar, country_code varchar, invoiced_amount_eur number(18, 2), credited_amount_eur number(18, 2), total_amount_eur number(18, 2), '
                ~ 'net_amount_eur number(18, 2), invoice_count number(38, 0))'
            ) %}
        {% endif %}
    {% endif %}
{% endmacro %}


{#- A source's relation, for macros that run outside of models. -#}
{% macro source_relation(source_name, table_name) %}
    {% for node in graph.sources.values() if node.source_name == source_name and node.name == table_name %}
        {{ return(api.Relation.create(database=node.database, schema=node.schema, identifier=node.identifier)) }}
    {% endfor %}
{% endmacro %}
