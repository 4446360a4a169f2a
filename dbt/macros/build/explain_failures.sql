{#- Says in sentences what failing tests found, after a build or a test run. Tests that select a column `problem` are explained by its first rows, so
    that whoever answers for the figures can read what is wrong, in which document, and what to do. -#}
{% macro explain_failures(results) %}
    {% if execute %}
        {% for result in results if result.node.resource_type == 'test' and result.status in ('fail', 'warn') and ' as problem' in (result.node.compiled_code or '') %}
            {% set rows = run_query('select problem from (' ~ result.node.compiled_code ~ '\n) as findings order by problem limit 5') %}
            {% do log('', info=true) %}
            {% set metadata = result.node.test_metadata %}
            {% set title = (metadata.name if metadata else result.node.name) | replace('_', ' ') %}
            {% do log(('FAILED: ' if result.status == 'fail' else 'WARNING: ') ~ title ~ ' (' ~ (result.failures or 0) ~ ' found)', info=true) %}
            {% for row in rows.rows %}
                {% do log('  - ' ~ row[0], info=true) %}
            {% endfor %}
            {% if (result.failures or 0) > 5 %}{% do log('  - and ' ~ (result.failures - 5) ~ ' more', info=true) %}{% endif %}
        {% endfor %}
    {% endif %}
{% endmacro %}
