"""Snowflake functions that DuckDB lacks, as SQL macros in the store."""

from __future__ import annotations

from fakesnow import macros as fakesnow_macros

MACROS = [sql for sql in fakesnow_macros.creation_sql("main").replace("main.", "").split(";\n") if sql.strip()] + [
    # A VARIANT that holds a string gives it without quotes; JSON null and SQL null are both null.
    """CREATE OR REPLACE MACRO _text(x) AS CASE typeof(x)
         WHEN 'JSON' THEN json_extract_string(TRY_CAST(x AS JSON), '$')
         WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(x AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
         WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(x AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g ') || replace(strftime(TRY_CAST(x AS TIMESTAMPTZ), '%z'), ':', '') || CASE WHEN length(strftime(TRY_CAST(x AS TIMESTAMPTZ), '%z')) = 3 THEN '00' ELSE '' END
         WHEN 'DOUBLE' THEN regexp_replace(CAST(x AS VARCHAR), '\.0$', '')
         WHEN 'BLOB' THEN hex(TRY_CAST(x AS BLOB))
         ELSE CAST(x AS VARCHAR) END""",
    # Text with an offset keeps its wall clock as NTZ; digits are seconds (or finer) since 1970.
    """CREATE OR REPLACE MACRO _epoch_us(n) AS CASE
         WHEN abs(n) < 31536000000 THEN CAST(n * 1000000 AS BIGINT) WHEN abs(n) < 31536000000000 THEN CAST(n * 1000 AS BIGINT)
         WHEN abs(n) < 31536000000000000 THEN CAST(n AS BIGINT) ELSE CAST(n / 1000 AS BIGINT) END""",
    # DuckDB folds every branch of a CASE over constants, so none may fail on another branch's values.
    """CREATE OR REPLACE MACRO _unless_digits(s) AS CASE WHEN regexp_full_match(s, '-?[0-9]+') THEN NULL ELSE s END""",
    """CREATE OR REPLACE MACRO _timestamp_ntz(x) AS CASE
         WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN CASE
           WHEN regexp_full_match(_text(x), '-?[0-9]+') THEN make_timestamp(_epoch_us(TRY_CAST(_text(x) AS BIGINT)))
           ELSE CAST(_unless_digits(regexp_replace(_text(x), '\s*(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?)$', '')) AS TIMESTAMP) END
         WHEN typeof(x) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS') THEN TRY_CAST(x AS TIMESTAMP)
         ELSE make_timestamp(_epoch_us(TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(38,9)))) END""",
    """CREATE OR REPLACE MACRO _timestamp_tz(x) AS CASE
         WHEN typeof(x) IN ('VARCHAR', 'JSON') THEN CASE
           WHEN regexp_full_match(_text(x), '-?[0-9]+') THEN make_timestamptz(_epoch_us(TRY_CAST(_text(x) AS BIGINT)))
           ELSE CAST(_unless_digits(regexp_replace(_text(x), '\s+(Z|[+-][0-9]{2}:?(?:[0-9]{2})?)$', '\1')) AS TIMESTAMPTZ) END
         WHEN typeof(x) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS') THEN TRY_CAST(x AS TIMESTAMPTZ)
         ELSE make_timestamptz(_epoch_us(TRY_CAST(CAST(x AS VARCHAR) AS DECIMAL(38,9)))) END""",
    """CREATE OR REPLACE MACRO _format_time(x, f) AS CASE WHEN typeof(x) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(x AS TIMESTAMPTZ), f)
         WHEN typeof(x) = 'TIME' THEN strftime(TIMESTAMP '1970-01-01' + CAST(TRY_CAST(CAST(x AS VARCHAR) AS TIME) AS INTERVAL), f)
         ELSE strftime(TRY_CAST(CAST(x AS VARCHAR) AS TIMESTAMP), f) END""",
    # Only the number of decimals and grouping of a number format is honoured.
    """CREATE OR REPLACE MACRO _format_number(x, f) AS CASE WHEN contains(f, ',') THEN format('{:,.' || CAST(length(regexp_extract(f, '\.([09]*)', 1)) AS VARCHAR) || 'f}', CAST(x AS DOUBLE))
         ELSE format('{:.' || CAST(length(regexp_extract(f, '\.([09]*)', 1)) AS VARCHAR) || 'f}', CAST(x AS DOUBLE)) END""",
    """CREATE OR REPLACE MACRO _try_timestamp_ntz(x) AS TRY(_timestamp_ntz(x))""",
    """CREATE OR REPLACE MACRO _try_timestamp_tz(x) AS TRY(_timestamp_tz(x))""",
    """CREATE OR REPLACE MACRO _scaled_timestamp(x, scale) AS make_timestamp(CAST(CAST(x AS DECIMAL(38,9)) * 1000000 / pow(10, scale) AS BIGINT))""",
    """CREATE OR REPLACE MACRO _type_name(x) AS typeof(x)""",
    """CREATE OR REPLACE MACRO _binary(x) AS CASE WHEN typeof(x) = 'BLOB' THEN TRY_CAST(x AS BLOB) ELSE unhex(CAST(x AS VARCHAR)) END""",
    # A VARIANT given to PARSE_JSON stays as it is; text is parsed.
    """CREATE OR REPLACE MACRO _parse_json(x) AS CASE WHEN typeof(x) = 'JSON' THEN TRY_CAST(x AS JSON) ELSE CAST(CAST(x AS VARCHAR) AS JSON) END""",
    """CREATE OR REPLACE MACRO _variant(x) AS CASE WHEN typeof(x) = 'JSON' THEN TRY_CAST(x AS JSON) ELSE to_json(x) END""",
    """CREATE OR REPLACE MACRO _try_parse_json(x) AS TRY_CAST(CAST(x AS VARCHAR) AS JSON)""",
    """CREATE OR REPLACE MACRO _is_null_value(x) AS CAST(x AS VARCHAR) = 'null'""",
    """CREATE OR REPLACE MACRO _variant_type(x) AS CASE json_type(CAST(x AS JSON))
         WHEN 'VARCHAR' THEN 'VARCHAR' WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'DOUBLE' THEN 'DECIMAL'
         WHEN 'NULL' THEN 'NULL_VALUE' ELSE json_type(CAST(x AS JSON)) END""",
    """CREATE OR REPLACE MACRO _sysdate() AS CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)""",
]
