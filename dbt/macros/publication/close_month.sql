{#- Freezes what a month reports: dbt run-operation close_month --args '{month: 2026-10, closed_by: …}'. From then on REVENUE_BY_MONTH keeps its figures, and
    RESTATEMENTS lists every later difference by document. `again` accepts the differences of a month that was closed before. -#}
{% macro close_month(month, closed_by, again=false) %}
    {% set first_day = month ~ '-01' %}
    {% if not modules.re.match('^[0-9]{4}-(0[1-9]|1[0-2])$', month) %}
        {{ exceptions.raise_compiler_error('"' ~ month ~ '" is not a month; write it as 2026-10.') }}
    {% endif %}
    {% set today = run_started_at.astimezone(modules.pytz.timezone(var('business_timezone'))).strftime('%Y-%m') %}
    {% if month >= today %}
        {{ exceptions.raise_compiler_error('The month ' ~ month ~ ' is not over yet. Close it in the following month, after a build.') }}
    {% endif %}

    {% set summary = published_relation('invoices_summary') %}
    {% set credits = published_relation('credit_notes_summary') %}
    {% set review = published_relation('invoices_to_review') %}
    {% if summary is none or credits is none %}
        {{ exceptions.raise_compiler_error('Nothing has been published yet, so there are no figures to close. Run dbt build first.') }}
    {% endif %}
    {% do ensure_books() %}
    {% set months = source_relation('books', 'closed_months') %}
    {% set documents = source_relation('books', 'closed_documents') %}

    {% set closed = run_query("select closed_by, to_varchar(closed_at, 'YYYY-MM-DD') from " ~ months ~ " where closed_month = '" ~ first_day ~ "'").rows %}
    {% if closed and not again %}
        {{ exceptions.raise_compiler_error(
            'The month ' ~ month ~ ' was closed by ' ~ closed[0][0] ~ ' on ' ~ closed[0][1] ~ '. To accept what changed since, close it again: npm run close-month -- ' ~ month ~ ' --again.'
        ) }}
    {% endif %}

    {% set statements %}
        delete from {{ documents }} where closed_month = '{{ first_day }}';

        {% for basis in ['invoice_date', 'service_date'] %}
        insert into {{ documents }}
        select
            to_date('{{ first_day }}', 'YYYY-MM-DD'), '{{ basis }}', 'invoice', invoice_id, invoice_number, city, country_code, total_amount_eur, 0, total_amount_eur, net_amount_eur,
            case when counts_as_invoice then 1 else 0 end
        from {{ summary }}
        where date_trunc('month', {{ basis }}) = '{{ first_day }}';

        insert into {{ documents }}
        select
            to_date('{{ first_day }}', 'YYYY-MM-DD'), '{{ basis }}', 'credit_note', credit_note_id, credit_note_number, city, country_code, 0, credited_amount_eur, -credited_amount_eur,
            -credited_net_amount_eur, 0
        from {{ credits }}
        where date_trunc('month', {{ 'credit_note_date' if basis == 'invoice_date' else 'service_date' }}) = '{{ first_day }}';
        {% endfor %}

        delete from {{ months }} where closed_month = '{{ first_day }}';

        insert into {{ months }}
        select to_date('{{ first_day }}', 'YYYY-MM-DD'), {{ refreshed_at() }}, '{{ closed_by | replace("\\", "\\\\") | replace("'", "''") }}'
    {% endset %}
    {% do run_query('alter session set transaction_abort_on_error = true') %}
    {% call statement('close') %}{{ snowflake_dml_explicit_transaction(statements) }}{% endcall %}

    {% set frozen = run_query("select count(*), coalesce(sum(total_amount_eur), 0) from " ~ documents ~ " where closed_month = '" ~ first_day ~ "' and basis = 'invoice_date'").rows[0] %}
    {% do log('Closed ' ~ month ~ ' with ' ~ frozen[0] ~ ' documents over ' ~ frozen[1] ~ ' EUR. The next build shows it as closed.', info=true) %}
    {% if review is not none %}
        {% set uncounted = run_query(
            "select count(distinct document_kind || document_id) from " ~ review ~ " where not is_counted and date_trunc('month', document_date) = '" ~ first_day ~ "'"
        ).rows[0][0] %}
        {% if uncounted %}
            {% do log(uncounted ~ ' documents of the month are not counted; INVOICES_TO_REVIEW lists them.', info=true) %}
        {% endif %}
    {% endif %}
{% endmacro %}
