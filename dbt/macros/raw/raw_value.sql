{#- The values of RAW columns, cast. Raw values are what sevDesk delivered, mostly strings; a loader that typed them is read just as well.
    What cannot be read becomes null, so that one document never stops all figures; `raw_is_unreadable` tells it from what was never given,
    and such a document is not counted but listed in INVOICES_TO_REVIEW. -#}

{% macro raw_text(table, name, required=true) -%}
    {%- set column = raw_column(table, name, required) -%}
    {%- if column is none -%} cast(null as varchar)
    {%- else -%} nullif(trim(cast({{ column }} as varchar)), '')
    {%- endif -%}
{%- endmacro %}


{% macro raw_number(table, name, precision=38, scale=0, required=true) -%}
    {%- set column = raw_column(table, name, required) -%}
    {%- set type = raw_type(table, name) -%}
    {%- if column is none -%} cast(null as number({{ precision }}, {{ scale }}))
    {%- elif 'CHAR' in type or type in ('TEXT', 'STRING', 'VARIANT') -%} try_cast({{ raw_text(table, name, required) }} as number({{ precision }}, {{ scale }}))
    {%- else -%} cast({{ column }} as number({{ precision }}, {{ scale }}))
    {%- endif -%}
{%- endmacro %}


{% macro raw_amount(table, name, required=true) -%} {{ raw_number(table, name, 18, 2, required) }} {%- endmacro %}


{#- An instant. Text carries its offset; a column without a time zone is read in `raw_timestamp_timezone`. Formats are given, so that
    nothing depends on those of the session. -#}
{% macro raw_instant(table, name, required=true) -%}
    {%- set column = raw_column(table, name, required) -%}
    {%- set type = raw_type(table, name) -%}
    {%- if column is none -%} cast(null as timestamp_tz)
    {%- elif 'NTZ' in type or type in ('DATETIME', 'TIMESTAMP') -%}
        to_timestamp_tz(
            to_varchar(convert_timezone('{{ var("raw_timestamp_timezone") }}', 'UTC', {{ column }}), 'YYYY-MM-DD"T"HH24:MI:SS.FF6') || '+00:00',
            'YYYY-MM-DD"T"HH24:MI:SS.FF6TZH:TZM'
        )
    {%- elif type.startswith('TIMESTAMP') -%} cast({{ column }} as timestamp_tz)
    {%- else -%} try_to_timestamp_tz({{ raw_text(table, name, required) }}, 'AUTO')
    {%- endif -%}
{%- endmacro %}


{#- A day, which a loader may have kept as a date or as text. -#}
{% macro raw_date(table, name, required=true) -%}
    {%- if raw_type(table, name) == 'DATE' -%} {{ raw_column(table, name, required) }}
    {%- else -%} to_date({{ raw_text(table, name, required) }}, 'YYYY-MM-DD')
    {%- endif -%}
{%- endmacro %}


{#- Whether one of some columns holds a text that is no amount, such as "1.234,56". -#}
{% macro raw_is_unreadable(table, names) -%}
    (
        {%- for name in names %}
        ({{ raw_text(table, name, false) }} is not null and {{ raw_amount(table, name, false) }} is null){{ ' or' if not loop.last }}
        {%- endfor %}
    )
{%- endmacro %}


{#- Whether one of some columns holds fractions of a cent, which staging rounds. -#}
{% macro raw_has_fractions_of_a_cent(table, names) -%}
    coalesce(
        {%- for name in names %}
        {{ raw_number(table, name, 38, 10, false) }} <> {{ raw_amount(table, name, false) }}{{ ' or' if not loop.last }}
        {%- endfor %},
        false
    )
{%- endmacro %}


{#- The calendar date of an instant in the time zone of the books. -#}
{% macro business_date(instant) -%} cast(convert_timezone('{{ var("business_timezone") }}', {{ instant }}) as date) {%- endmacro %}
