{#- What is wrong with a RAW table before anything is built from it, as rows of sentences: the table is gone although something is known to have been loaded
    into it, a column is gone that a rule needs or that was read for what is published now, or rows are gone that the loader or the last publication knew. -#}
{% macro raw_faults(stream, columns, required=false, also_read=none) %}
    {%- if not execute -%} {{ return([]) }} {%- endif -%}
    {%- set relation = source_relation('sevdesk', stream) -%}
    {%- set known = known_rows(stream) -%}
    {%- set faults = [] -%}
    {%- if load_relation(relation) is none -%}
        {%- if known > 0 or required -%}
            {%- do faults.append(
                'The table ' ~ relation ~ ' is not there' ~ (', although ' ~ known ~ ' rows were loaded into it' if known > 0 else '')
                ~ '. The figures would be wrong, so nothing was published. Load it again in full: meltano run --full-refresh tap-sevdesk target-snowflake-ts.'
            ) -%}
        {%- endif -%}
    {%- else -%}
        {%- set present = adapter.get_columns_in_relation(relation) | map(attribute='name') | map('lower') | list -%}
        {%- set read_before = known_columns(stream) if also_read and not var('accept_smaller_raw') else [] -%}
        {%- set read = [] -%}
        {%- for column in also_read or [] if column | lower in read_before -%}{%- do read.append(column) -%}{%- endfor -%}
        {%- for column in columns + read if column | lower not in present -%}
            {%- do faults.append(
                'The table ' ~ relation ~ ' has no column ' ~ column | upper ~ ', which holds the field ' ~ column ~ ' of sevDesk. It was renamed at the source or is no longer '
                ~ 'loaded, so the figures would be wrong and nothing was published. Compare the stream with the catalog of the tap, then load it again.'
            ) -%}
        {%- endfor -%}
        {%- if not faults and known > 0 and not var('accept_smaller_raw') -%}
            {%- set least = (known * (1 - var('raw_shrinkage_to_stop'))) | round(0, 'ceil') | int -%}
            {%- set counted = run_query('select count(*) from ' ~ relation).rows[0][0] | int -%}
            {%- if counted < least -%}
                {%- do faults.append(
                    'The table ' ~ relation ~ ' holds ' ~ counted ~ ' rows, but ' ~ known ~ ' were loaded. The figures would be wrong, so nothing was published. '
                    ~ 'Load it again in full, or accept it once: dbt build --vars "accept_smaller_raw: true".'
                ) -%}
            {%- endif -%}
        {%- endif -%}
    {%- endif -%}
    {{ return(faults) }}
{% endmacro %}


{#- How many rows of a stream must be in RAW: what one run of the loader inserted, or what the last publication found, whichever is more. -#}
{% macro known_rows(stream) %}
    {% if not execute %}{{ return(0) }}{% endif %}
    {% set known = namespace(rows=0) %}
    {% set ledger = source_relation('sevdesk', 'load_ledger') %}
    {% if load_relation(ledger) is not none %}
        {% set loaded = run_query(
            "select coalesce(max(inserted), 0) from (select run_id, sum(rows_inserted) as inserted from " ~ ledger ~ " where stream = '" ~ stream ~ "' group by run_id) as runs"
        ) %}
        {% set known.rows = loaded.rows[0][0] | int %}
    {% endif %}
    {% set volumes = published_relation('published_raw_volumes') %}
    {% if volumes is not none %}
        {% set published = run_query("select coalesce(max(live_row_count), 0) from " ~ volumes ~ " where stream_name = '" ~ stream ~ "'") %}
        {% set known.rows = [known.rows, published.rows[0][0] | int] | max %}
    {% endif %}
    {{ return(known.rows) }}
{% endmacro %}


{#- The columns, in small letters, that a RAW table had when the marts were published last. -#}
{% macro known_columns(stream) %}
    {% if not execute %}{{ return([]) }}{% endif %}
    {% set volumes = published_relation('published_raw_volumes') %}
    {% if volumes is none or 'column_names' not in adapter.get_columns_in_relation(volumes) | map(attribute='name') | map('lower') %}{{ return([]) }}{% endif %}
    {% set rows = run_query("select column_names from " ~ volumes ~ " where stream_name = '" ~ stream ~ "' and column_names is not null").rows %}
    {{ return(rows[0][0].split(' ') if rows else []) }}
{% endmacro %}


{#- A table that the last publication wrote, without depending on it; none before the first one. -#}
{% macro published_relation(name) %}
    {% set node = model_named(name) %}
    {{ return(load_relation(api.Relation.create(database=node.database, schema=node.schema, identifier=node.alias | upper)) if node else none) }}
{% endmacro %}
