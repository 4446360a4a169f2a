"""Snowflake functions that DuckDB lacks, as SQL macros in the store."""

from __future__ import annotations

from local_snowflake.date_macros import DATE_MACROS
from local_snowflake.errors import UNDERSCORE
from local_snowflake.fakesnow_rewrites import creation_sql


def all_macros() -> list[str]:
    """The statements that make them, those of fakesnow included."""
    return [sql for sql in creation_sql("main").replace("main.", "").split(";\n") if sql.strip()] + DATE_MACROS + _OWN


_OWN = [
    # A macro's argument is copied wherever it is named, and macros nest: so each names it once, as a lambda's.
    # DuckDB knows `typeof` before it runs, so only the branch for the argument's type is left.
    r"""CREATE OR REPLACE MACRO _json_shown(x) AS list_transform([x], lambda v: CASE left(CAST(v AS VARCHAR), 1)
         WHEN '"' THEN json_extract_string(v, '$') WHEN 'n' THEN NULL ELSE CAST(v AS VARCHAR) END)[1]""",
    # A VARIANT that holds a string gives it without quotes; JSON null and SQL null are both null.
    r"""CREATE OR REPLACE MACRO _text(x) AS list_transform([x], lambda v: CASE typeof(v)
         WHEN 'JSON' THEN CASE left(CAST(v AS VARCHAR), 1) WHEN '"' THEN json_extract_string(TRY_CAST(v AS JSON), '$') WHEN 'n' THEN NULL ELSE CAST(v AS VARCHAR) END
         WHEN 'DATE' THEN _date_shown(TRY_CAST(v AS DATE))
         WHEN 'TIME' THEN _time_shown(TRY_CAST(CASE WHEN typeof(v) = 'TIME' THEN CAST(v AS VARCHAR) END AS TIME))
         WHEN 'TIMESTAMP' THEN _ntz_shown(TRY_CAST(v AS TIMESTAMP))
         WHEN 'TIMESTAMP WITH TIME ZONE' THEN _tz_shown(TRY_CAST(v AS TIMESTAMPTZ))
         WHEN 'DOUBLE' THEN regexp_replace(CAST(v AS VARCHAR), '\.0$', '')
         WHEN 'BLOB' THEN hex(TRY_CAST(v AS BLOB))
         WHEN 'STRUCT(decfloat VARCHAR)' THEN _decfloat_shown(CAST(v AS VARCHAR))
         ELSE CAST(v AS VARCHAR) END)[1]""",
    """CREATE OR REPLACE MACRO _type_name(x) AS typeof(x)""",
    """CREATE OR REPLACE MACRO _unless_longer(x, n) AS list_transform([x], lambda v: CASE WHEN length(v) <= n THEN v END)[1]""",
    # DuckDB takes 1_000 for a number, Snowflake does not: another character makes DuckDB refuse it
    f"""CREATE OR REPLACE MACRO _without_underscores(x) AS replace(x, '_', '{UNDERSCORE}')""",
    """CREATE OR REPLACE MACRO _hex_of(x) AS list_transform([x], lambda v: CASE typeof(v) WHEN 'BLOB' THEN hex(TRY_CAST(v AS BLOB)) ELSE hex(_text(v)) END)[1]""",
    """CREATE OR REPLACE MACRO _json(x) AS CAST(x AS JSON)""",
    """CREATE OR REPLACE MACRO _boolean(x) AS list_transform([x], lambda v: CASE typeof(v) WHEN 'BOOLEAN' THEN TRY_CAST(v AS BOOLEAN)
         WHEN 'VARCHAR' THEN _boolean_text(CASE WHEN typeof(v) = 'VARCHAR' THEN CAST(v AS VARCHAR) END)
         WHEN 'JSON' THEN _boolean_text(CASE WHEN typeof(v) = 'JSON' THEN json_extract_string(TRY_CAST(v AS JSON), '$') END)
         ELSE TRY_CAST(CAST(v AS VARCHAR) AS DOUBLE) <> 0 END)[1]""",
    # texts are read as numbers where a number is asked for
    """CREATE OR REPLACE MACRO _numeric(x VARCHAR) AS CAST(x AS DECIMAL(38,9)), (x) AS x""",
    """CREATE OR REPLACE MACRO _divided(a, b) AS CASE WHEN typeof(a) = 'DOUBLE' OR typeof(b) = 'DOUBLE' THEN a / b
         ELSE round(a / b, greatest(coalesce(TRY_CAST(regexp_extract(typeof(a), ',(\\d+)', 1) AS INTEGER), 0), least(coalesce(TRY_CAST(regexp_extract(typeof(a), ',(\\d+)', 1) AS INTEGER), 0) + 6, 12))) END""",
    """CREATE OR REPLACE MACRO _trunc_number(x, n) AS CASE WHEN typeof(x) = 'DOUBLE' THEN trunc(x * pow(10, n)) / pow(10, n) ELSE trunc(CAST(x AS DECIMAL(38,12)), n) END""",
    """CREATE OR REPLACE MACRO _has_null(j) AS list_contains(list_transform(json_extract(j, '$.*'), lambda v: json_type(v)), 'NULL')""",
    """CREATE OR REPLACE MACRO _number_of(x) AS TRY_CAST(_text(x) AS DOUBLE)""",
    """CREATE OR REPLACE MACRO _binary(x) AS list_transform([x], lambda v: CASE WHEN typeof(v) = 'BLOB' THEN TRY_CAST(v AS BLOB) ELSE _read_binary(CASE WHEN typeof(v) <> 'BLOB' THEN CAST(v AS VARCHAR) END, coalesce(getvariable('BINARY_INPUT_FORMAT'), 'HEX')) END)[1]""",
    # A VARIANT given to PARSE_JSON stays as it is; text is parsed.
    """CREATE OR REPLACE MACRO _parse_json(x, m) AS list_transform([x], lambda v: CASE WHEN typeof(v) = 'JSON' THEN TRY_CAST(v AS JSON)
         ELSE CAST(_parse_json_text(CASE WHEN typeof(v) <> 'JSON' THEN CAST(v AS VARCHAR) END, m) AS JSON) END)[1]""",
    """CREATE OR REPLACE MACRO _to_decfloat(x) AS _decfloat(_text(x))""",
    # a DECFLOAT is cast by way of its digits, anything else as it is
    """CREATE OR REPLACE MACRO _digits(x STRUCT(decfloat VARCHAR)) AS _decfloat_plain(x), (x) AS x""",
    """CREATE OR REPLACE MACRO _variant(x) AS list_transform([x], lambda v: CASE typeof(v) WHEN 'JSON' THEN TRY_CAST(v AS JSON)
         WHEN 'STRUCT(decfloat VARCHAR)' THEN TRY_CAST(_decfloat_shown(CAST(v AS VARCHAR)) AS JSON) ELSE to_json(v) END)[1]""",
    """CREATE OR REPLACE MACRO _to_object(x) AS list_transform([_variant(x)], lambda v: CASE WHEN json_type(v) = 'OBJECT' THEN v
         WHEN json_type(v) <> 'NULL' THEN CAST(error('Failed to cast variant value to OBJECT') AS JSON) END)[1]""",
    """CREATE OR REPLACE MACRO _to_array(x) AS list_transform([_variant(x)], lambda v: CASE json_type(v) WHEN 'ARRAY' THEN v WHEN 'NULL' THEN NULL
         ELSE CASE WHEN v IS NOT NULL THEN json_array(v) END END)[1]""",
    """CREATE OR REPLACE MACRO _elements(a) AS CAST(_variant(a) AS JSON[])""",
    """CREATE OR REPLACE MACRO _json_text(x) AS CAST(_variant(x) AS VARCHAR)""",
    """CREATE OR REPLACE MACRO _try_parse_json(x, m) AS CAST(_try_parse_json_text(CAST(x AS VARCHAR), m) AS JSON)""",
    """CREATE OR REPLACE MACRO _is_null_value(x) AS json_type(x) = 'NULL'""",
    # a number in JSON is an INTEGER, a DECIMAL, or with an exponent a DOUBLE
    """CREATE OR REPLACE MACRO _variant_type(x) AS list_transform([x], lambda v: CASE typeof(v)
         WHEN 'DATE' THEN 'DATE' WHEN 'TIME' THEN 'TIME' WHEN 'TIMESTAMP' THEN 'TIMESTAMP_NTZ' WHEN 'TIMESTAMP WITH TIME ZONE' THEN 'TIMESTAMP_LTZ' WHEN 'STRUCT(tz TIMESTAMP WITH TIME ZONE, "zone" INTEGER)' THEN 'TIMESTAMP_TZ' WHEN 'BLOB' THEN 'BINARY'
         WHEN 'DOUBLE' THEN CASE WHEN CAST(v AS VARCHAR) LIKE '%.0' THEN 'INTEGER' ELSE 'DOUBLE' END
         ELSE CASE json_type(TRY_CAST(_json_text(v) AS JSON)) WHEN 'UBIGINT' THEN 'INTEGER' WHEN 'BIGINT' THEN 'INTEGER' WHEN 'HUGEINT' THEN 'INTEGER' WHEN 'NULL' THEN 'NULL_VALUE'
           WHEN 'DOUBLE' THEN CASE WHEN regexp_matches(_json_text(v), '[eE]') THEN 'DOUBLE' WHEN regexp_matches(_json_text(v), '[.]') THEN 'DECIMAL' ELSE 'INTEGER' END
           ELSE json_type(TRY_CAST(_json_text(v) AS JSON)) END END)[1]""",
    """CREATE OR REPLACE MACRO _flatten_list(input) AS list_transform([_variant(input)], lambda j: CASE json_type(j)
         WHEN 'OBJECT' THEN list_transform(json_keys(j), lambda k: {'k': k, 'i': NULL::BIGINT, 'v': json_extract(j, '/' || replace(replace(k, '~', '~0'), '/', '~1'))})
         WHEN 'ARRAY' THEN list_transform(CAST(j AS JSON[]), lambda v, i: {'k': NULL::VARCHAR, 'i': i - 1, 'v': v}) END)[1]""",
    """CREATE OR REPLACE MACRO _outer_list(l) AS CASE WHEN coalesce(len(l), 0) = 0 THEN [{'k': NULL::VARCHAR, 'i': NULL::BIGINT, 'v': NULL::JSON}] ELSE l END""",
    # a path names an element below the one that PATH names
    """CREATE OR REPLACE MACRO _below(prefix, k, i) AS prefix || CASE WHEN k IS NULL THEN '[' || i || ']' WHEN prefix = '' THEN k ELSE '.' || k END""",
    """CREATE OR REPLACE MACRO _flatten_deep(input, with_empty, prefix, recursive, wanted) AS TABLE
         SELECT 1 AS SEQ, e->>'k' AS KEY, e->>'p' AS PATH, CAST(e->>'i' AS BIGINT) AS INDEX, json_extract(e, '$.v') AS VALUE, json_extract(e, '$.t') AS THIS
         FROM (SELECT unnest(CAST(_deep_rows(_json_text(input), with_empty, prefix, recursive, wanted) AS JSON[])) AS e)""",
    """CREATE OR REPLACE MACRO _rows_of(l) AS TABLE SELECT 1 AS SEQ, e.i AS INDEX, e.v AS VALUE
         FROM (SELECT unnest(list_transform(l, lambda v, i: {'i': i, 'v': v})) AS e)""",
    """CREATE OR REPLACE MACRO _changes(l) AS list_transform([l], lambda a: len(list_filter(range(2, len(a) + 1), lambda i: a[i] IS DISTINCT FROM a[i - 1])))[1]""",
    """CREATE OR REPLACE MACRO _flatten(input, with_empty, prefix) AS TABLE
         SELECT 1 AS SEQ, e.k AS KEY, _below(prefix, e.k, e.i) AS PATH, e.i AS INDEX, e.v AS VALUE, _variant(input) AS THIS
         FROM (SELECT unnest(CASE WHEN with_empty THEN _outer_list(_flatten_list(input)) ELSE _flatten_list(input) END) AS e)""",
    """CREATE OR REPLACE MACRO _to_char(x, f) AS list_transform([x], lambda v: CASE
         WHEN typeof(v) = 'BLOB' THEN _show_binary(CASE WHEN typeof(v) = 'BLOB' THEN hex(TRY_CAST(v AS BLOB)) END, f)
         WHEN typeof(v) IN ('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'VARCHAR') THEN _format_time(v, f)
         ELSE _show_number(CASE WHEN typeof(v) NOT IN ('DATE', 'TIME', 'TIMESTAMP', 'TIMESTAMP WITH TIME ZONE', 'VARCHAR', 'BLOB') THEN _text(v) END, f) END)[1]""",
    """CREATE OR REPLACE MACRO _to_binary(x, f) AS list_transform([x], lambda v: CASE WHEN typeof(v) = 'BLOB' THEN TRY_CAST(v AS BLOB)
         ELSE _read_binary(CASE WHEN typeof(v) <> 'BLOB' THEN _text(v) END, coalesce(nullif(f, ''), getvariable('BINARY_INPUT_FORMAT'), 'HEX')) END)[1]""",
    """CREATE OR REPLACE MACRO _try_to_binary(x, f) AS TRY(_to_binary(x, f))""",
    """CREATE OR REPLACE MACRO _hex_binary(x) AS _read_binary(x, 'HEX')""",
    """CREATE OR REPLACE MACRO _base64_binary(x, a) AS _read_binary(translate(x, a, '+/='), 'BASE64')""",
    """CREATE OR REPLACE MACRO _fit(x, n) AS list_transform([CAST(x AS VARCHAR)], lambda v: CASE
         WHEN length(v) > n THEN error('String ' || chr(39) || left(v, 40) || chr(39) || ' is too long and would be truncated') ELSE v END)[1]""",
    """CREATE OR REPLACE MACRO _fit_binary(x, n) AS list_transform([CAST(x AS BLOB)], lambda v: CASE
         WHEN octet_length(v) > n THEN error('Binary value ' || left(hex(v), 40) || ' is too long and would be truncated') ELSE v END)[1]""",
]
