"""Snowflake functions that DuckDB lacks, as SQL macros in the store."""

from __future__ import annotations


def all_macros() -> list[str]:
    """The statements that make them, those of fakesnow included."""
    from fakesnow.macros import creation_sql  # here, since it loads the Snowflake connector, which takes long

    return [sql for sql in creation_sql("main").replace("main.", "").split(";\n") if sql.strip()] + _OWN


_OWN = [
    # A macro's argument is copied wherever it is named, and macros nest: so each names it once, as a lambda's.
    # DuckDB knows `typeof` before it runs, so only the branch for the argument's type is left.
    """CREATE OR REPLACE MACRO _offset(z) AS rpad(replace(z, ':', ''), 5, '0')""",
    # A VARIANT that holds a string gives it without quotes; JSON null and SQL null are both null.
    r"""CREATE OR REPLACE MACRO _text(x) AS list_transform([x], lambda v: CASE typeof(v)
         WHEN 'JSON' THEN CASE left(CAST(v AS VARCHAR), 1) WHEN '"' THEN json_extract_string(TRY_CAST(v AS JSON), '$') WHEN 'n' THEN NULL ELSE CAST(v AS VARCHAR) END
         WHEN 'TIMESTAMP' THEN strftime(TRY_CAST(v AS TIMESTAMP), '%Y-%m-%d %H:%M:%S.%g')
         WHEN 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(v AS TIMESTAMPTZ), '%Y-%m-%d %H:%M:%S.%g ') || _offset(strftime(TRY_CAST(v AS TIMESTAMPTZ), '%z'))
         WHEN 'DOUBLE' THEN regexp_replace(CAST(v AS VARCHAR), '\.0$', '')
         WHEN 'BLOB' THEN hex(TRY_CAST(v AS BLOB))
         WHEN 'STRUCT(decfloat VARCHAR)' THEN _decfloat_shown(CAST(v AS VARCHAR))
         ELSE CAST(v AS VARCHAR) END)[1]""",
    # Text with an offset keeps its wall clock as NTZ; digits are seconds (or finer) since 1970. DuckDB folds every
    # branch of a CASE over constants, so none may fail on another branch's values.
    """CREATE OR REPLACE MACRO _epoch_us(n) AS list_transform([n], lambda v: CASE
         WHEN abs(v) < 31536000000 THEN TRY_CAST(v * 1000000 AS BIGINT) WHEN abs(v) < 31536000000000 THEN TRY_CAST(v * 1000 AS BIGINT)
         WHEN abs(v) < 31536000000000000 THEN TRY_CAST(v AS BIGINT) ELSE TRY_CAST(v / 1000 AS BIGINT) END)[1]""",
    """CREATE OR REPLACE MACRO _unless_digits(s) AS CASE WHEN regexp_full_match(s, '-?[0-9]+') THEN NULL ELSE s END""",
    r"""CREATE OR REPLACE MACRO _ntz_odd_text(s) AS list_transform([s], lambda v: coalesce(
         make_timestamp(_epoch_us(TRY_CAST(v AS BIGINT))),
         CAST(_unless_digits(regexp_replace(v, '\s*(?:Z|[+-][0-9]{2}:?(?:[0-9]{2})?)$', '')) AS TIMESTAMP)))[1]""",
    """CREATE OR REPLACE MACRO _tz_odd_text(s) AS list_transform([s], lambda v: coalesce(
         make_timestamptz(_epoch_us(TRY_CAST(v AS BIGINT))),
         CAST(_unless_digits(regexp_replace(v, '\\s+(Z|[+-][0-9]{2}:?(?:[0-9]{2})?)$', '\1')) AS TIMESTAMPTZ)))[1]""",
    """CREATE OR REPLACE MACRO _ntz_text(s) AS coalesce(TRY_CAST(s AS TIMESTAMP), _ntz_odd_text(s))""",
    """CREATE OR REPLACE MACRO _tz_text(s) AS coalesce(TRY_CAST(s AS TIMESTAMPTZ), _tz_odd_text(s))""",
    """CREATE OR REPLACE MACRO _timestamp_ntz(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'VARCHAR' THEN _ntz_text(CAST(v AS VARCHAR))
         WHEN typeof(v) = 'JSON' THEN _ntz_text(json_extract_string(TRY_CAST(v AS JSON), '$'))
         WHEN typeof(v) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS') THEN TRY_CAST(v AS TIMESTAMP)
         ELSE make_timestamp(_epoch_us(TRY_CAST(CAST(v AS VARCHAR) AS DECIMAL(38,9)))) END)[1]""",
    """CREATE OR REPLACE MACRO _timestamp_tz(x) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'VARCHAR' THEN _tz_text(CAST(v AS VARCHAR))
         WHEN typeof(v) = 'JSON' THEN _tz_text(json_extract_string(TRY_CAST(v AS JSON), '$'))
         WHEN typeof(v) IN ('DATE', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'TIMESTAMP_NS') THEN TRY_CAST(v AS TIMESTAMPTZ)
         ELSE make_timestamptz(_epoch_us(TRY_CAST(CAST(v AS VARCHAR) AS DECIMAL(38,9)))) END)[1]""",
    """CREATE OR REPLACE MACRO _format_time(x, f) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'TIMESTAMP WITH TIME ZONE' THEN strftime(TRY_CAST(v AS TIMESTAMPTZ), f)
         WHEN typeof(v) = 'TIME' THEN strftime(TIMESTAMP '1970-01-01' + CAST(TRY_CAST(CAST(v AS VARCHAR) AS TIME) AS INTERVAL), f)
         ELSE strftime(TRY_CAST(CAST(v AS VARCHAR) AS TIMESTAMP), f) END)[1]""",
    # Only the number of decimals and grouping of a number format is honoured.
    r"""CREATE OR REPLACE MACRO _format_number(x, f) AS format(
         '{:' || CASE WHEN contains(f, ',') THEN ',' ELSE '' END || '.' || CAST(length(regexp_extract(f, '\.([09]*)', 1)) AS VARCHAR) || 'f}', CAST(x AS DOUBLE))""",
    """CREATE OR REPLACE MACRO _try_timestamp_ntz(x) AS TRY(_timestamp_ntz(x))""",
    """CREATE OR REPLACE MACRO _try_timestamp_tz(x) AS TRY(_timestamp_tz(x))""",
    """CREATE OR REPLACE MACRO _scaled_timestamp(x, scale) AS make_timestamp(CAST(CAST(x AS DECIMAL(38,9)) * 1000000 / pow(10, scale) AS BIGINT))""",
    """CREATE OR REPLACE MACRO _type_name(x) AS typeof(x)""",
    """CREATE OR REPLACE MACRO _binary(x) AS list_transform([x], lambda v: CASE WHEN typeof(v) = 'BLOB' THEN TRY_CAST(v AS BLOB) ELSE unhex(CAST(v AS VARCHAR)) END)[1]""",
    # A VARIANT given to PARSE_JSON stays as it is; text is parsed.
    """CREATE OR REPLACE MACRO _parse_json(x) AS list_transform([x], lambda v: CASE WHEN typeof(v) = 'JSON' THEN TRY_CAST(v AS JSON) ELSE CAST(CAST(v AS VARCHAR) AS JSON) END)[1]""",
    """CREATE OR REPLACE MACRO _to_decfloat(x) AS _decfloat(_text(x))""",
    # a DECFLOAT is cast by way of its digits, anything else as it is
    """CREATE OR REPLACE MACRO _digits(x STRUCT(decfloat VARCHAR)) AS _decfloat_plain(x), (x) AS x""",
    """CREATE OR REPLACE MACRO _variant(x) AS list_transform([x], lambda v: CASE typeof(v) WHEN 'JSON' THEN TRY_CAST(v AS JSON)
         WHEN 'STRUCT(decfloat VARCHAR)' THEN TRY_CAST(_decfloat_shown(CAST(v AS VARCHAR)) AS JSON) ELSE to_json(v) END)[1]""",
    """CREATE OR REPLACE MACRO _try_parse_json(x) AS TRY_CAST(CAST(x AS VARCHAR) AS JSON)""",
    """CREATE OR REPLACE MACRO _is_null_value(x) AS CAST(x AS VARCHAR) = 'null'""",
    """CREATE OR REPLACE MACRO _variant_type(x) AS list_transform([json_type(CAST(x AS JSON))], lambda t: CASE t
         WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'DOUBLE' THEN 'DECIMAL' WHEN 'NULL' THEN 'NULL_VALUE' ELSE t END)[1]""",
    """CREATE OR REPLACE MACRO _sysdate() AS CAST(now() AT TIME ZONE 'UTC' AS TIMESTAMP)""",
    """CREATE OR REPLACE MACRO _flatten_list(input) AS list_transform([_variant(input)], lambda j: CASE json_type(j)
         WHEN 'OBJECT' THEN list_transform(json_keys(j), lambda k: {'k': k, 'i': NULL::BIGINT, 'v': json_extract(j, '/' || replace(replace(k, '~', '~0'), '/', '~1'))})
         WHEN 'ARRAY' THEN list_transform(CAST(j AS JSON[]), lambda v, i: {'k': NULL::VARCHAR, 'i': i - 1, 'v': v}) END)[1]""",
    """CREATE OR REPLACE MACRO _outer_list(l) AS CASE WHEN coalesce(len(l), 0) = 0 THEN [{'k': NULL::VARCHAR, 'i': NULL::BIGINT, 'v': NULL::JSON}] ELSE l END""",
    """CREATE OR REPLACE MACRO _flatten(input, with_empty) AS TABLE
         SELECT 1 AS SEQ, e.k AS KEY, coalesce(e.k, '[' || e.i || ']') AS PATH, e.i AS INDEX, e.v AS VALUE, _variant(input) AS THIS
         FROM (SELECT unnest(CASE WHEN with_empty THEN _outer_list(_flatten_list(input)) ELSE _flatten_list(input) END) AS e)""",
    """CREATE OR REPLACE MACRO _array_contains(a, v) AS list_contains(CAST(_variant(a) AS JSON[]), _variant(v))""",
    """CREATE OR REPLACE MACRO _array_to_string(a, s) AS array_to_string(list_transform(CAST(_variant(a) AS JSON[]), lambda v: coalesce(json_extract_string(v, '$'), '')), s)""",
    """CREATE OR REPLACE MACRO _array_concat(a, b) AS to_json(list_concat(CAST(_variant(a) AS JSON[]), CAST(_variant(b) AS JSON[])))""",
    """CREATE OR REPLACE MACRO _array_append(a, v) AS to_json(list_append(CAST(_variant(a) AS JSON[]), _variant(v)))""",
    """CREATE OR REPLACE MACRO _fit(x, n) AS list_transform([CAST(x AS VARCHAR)], lambda v: CASE
         WHEN length(v) > n THEN error('String ' || chr(39) || left(v, 40) || chr(39) || ' is too long and would be truncated') ELSE v END)[1]""",
    # DuckDB chooses by the argument's type
    """CREATE OR REPLACE MACRO _date_add(d DATE, i) AS CAST(d + i AS DATE), (d TIMESTAMP, i) AS d + i,
         (d TIMESTAMPTZ, i) AS d + i, (d VARCHAR, i) AS CAST(d AS TIMESTAMP) + i""",
    """CREATE OR REPLACE MACRO _time_add(d DATE, i) AS d + i, (d TIMESTAMP, i) AS d + i,
         (d TIMESTAMPTZ, i) AS d + i, (d VARCHAR, i) AS CAST(d AS TIMESTAMP) + i, (d TIME, i) AS d + i""",
]
