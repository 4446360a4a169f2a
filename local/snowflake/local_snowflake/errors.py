"""What goes wrong, under Snowflake's own codes and SQL states."""

from __future__ import annotations

import re

import duckdb
from sqlglot.errors import ParseError, TokenError

from local_snowflake.identifiers import MARK

# What stands for `_` in a text that is to be no number; see `macros`.
UNDERSCORE = "\uff3f"


class SnowflakeError(Exception):
    """An error that a client sees: `code` and `sql_state` are Snowflake's."""

    def __init__(self, code: int, sql_state: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.sql_state = sql_state
        self.message = message


_CARRIED = re.compile(r"\u2063(\d+)\|(\w+)\|(.*)\u2063", re.S)


def carried(error: SnowflakeError) -> ValueError:
    """The error in a form that survives the way through DuckDB, which keeps texts only."""
    return ValueError(f"{MARK}{error.code}|{error.sql_state}|{error.message}{MARK}")


def syntax_error(detail: str) -> SnowflakeError:
    return SnowflakeError(1003, "42000", f"SQL compilation error:\n{detail}")


def not_found(kind: str, name: str) -> SnowflakeError:
    sql_state = "42S02" if kind in ("Table", "View", "Object") else "02000"
    return SnowflakeError(2003, sql_state, f"SQL compilation error:\n{kind} '{name}' does not exist or not authorized.")


def no_such_object() -> SnowflakeError:
    """What USE and SHOW say of a place that is not there or not to be seen; dbt looks for this code."""
    return SnowflakeError(
        2043, "02000", "SQL compilation error:\nObject does not exist, or operation cannot be performed."
    )


def already_exists(name: str) -> SnowflakeError:
    return SnowflakeError(2002, "42710", f"SQL compilation error:\nObject '{name}' already exists.")


def hidden(name: str) -> SnowflakeError:
    """What CREATE says of a name that belongs to something the role may not see, IF NOT EXISTS or not."""
    return SnowflakeError(
        3041,
        "42710",
        f"SQL compilation error:\nObject '{name}' already exists, but current role has no privileges on it.",
    )


def unsupported(what: str) -> SnowflakeError:
    return SnowflakeError(2, "0A000", f"Unsupported feature '{what}' (the local Snowflake does not know it).")


def invalid_value(detail: str) -> SnowflakeError:
    return SnowflakeError(1008, "22023", f"SQL compilation error:\ninvalid value {detail}")


def _clean(text: str) -> str:
    """DuckDB's first line, without its class prefix and without the marks that keep the case of names."""
    line = text.split("\n")[0]
    line = re.sub(r"^[A-Z][A-Za-z ]+ Error: ", "", line)
    return re.sub(MARK + "[0-9a-f]+", "", line).replace(UNDERSCORE, "_")


def _binder(text: str) -> SnowflakeError:
    if match := re.search(r'Referenced (?:column|table) "(.+?)" not found', text, re.S):
        name = match[1].split(MARK)[0]
        return SnowflakeError(
            904, "42000", f"SQL compilation error: error line 1 at position 0\ninvalid identifier '{name}'"
        )
    if "does not have a column" in text or "Could not find column" in text or "not have a column named" in text:
        name = re.search(r'column (?:named |with name )?"(.+?)"', text)
        shown = name[1].split(MARK)[0] if name else "?"
        return SnowflakeError(
            904, "42000", f"SQL compilation error: error line 1 at position 0\ninvalid identifier '{shown}'"
        )
    if "Ambiguous reference" in text:
        return SnowflakeError(1004, "42601", f"SQL compilation error:\nambiguous column name: {_clean(text)}")
    if "values were supplied" in text or "has a different number of columns" in text:
        return SnowflakeError(
            2020, "21S01", f"SQL compilation error:\nInsert value list does not match column list: {_clean(text)}"
        )
    return SnowflakeError(2043, "02000", f"SQL compilation error:\n{_clean(text)}")


def _catalog(text: str) -> SnowflakeError:
    if match := re.search(r"(Table|View|Sequence|Schema) with name \"?(.+?)\"? does not exist", text, re.S):
        return not_found("Object", match[2].split(MARK)[0])
    if match := re.search(
        r"(?:Scalar |Aggregate |Table )?Function with name \"?(\S+?)\"? (?:does not exist|is not)", text
    ):
        return SnowflakeError(2140, "42601", f"SQL compilation error:\nUnknown function {match[1].upper()}")
    if match := re.search(r"with name \"?(.+?)\"? already exists", text, re.S):
        return already_exists(match[1].split(MARK)[0])
    return SnowflakeError(2003, "42S02", f"SQL compilation error:\n{_clean(text)}")


def _conversion(text: str) -> SnowflakeError:
    shown = _clean(text)
    if re.search(r"DECIMAL|INT\d*\b|DOUBLE|FLOAT|BIGINT|numeric", text):
        value = re.search(r"[Ss]tring \"?'?(.*?)'?\"? to ", text.replace(UNDERSCORE, "_"))
        return SnowflakeError(100038, "22018", f"Numeric value '{value[1]}' is not recognized" if value else shown)
    if re.search(r"timestamp", text, re.I):
        value = re.search(r'field value out of range: "(.*?)"|string "(.*?)"|timestamp field: "(.*?)"', text)
        found = next((group for group in value.groups() if group is not None), None) if value else None
        return SnowflakeError(100035, "22007", f"Timestamp '{found}' is not recognized" if found else shown)
    if re.search(r"\bdate\b", text, re.I):
        value = re.search(r'"(.*?)"', text)
        return SnowflakeError(100040, "22007", f"Date '{value[1]}' is not recognized" if value else shown)
    if re.search(r"bool", text, re.I):
        value = re.search(r"string '?\"?(.*?)\"?'? to|value '(.*?)'", text)
        return SnowflakeError(
            100037, "22018", f"Boolean value '{value[1] or value[2]}' is not recognized" if value else shown
        )
    if "JSON" in text:
        return SnowflakeError(100069, "22P02", f"Error parsing JSON: {shown}")
    return SnowflakeError(100038, "22018", shown)


def from_duckdb(error: Exception) -> SnowflakeError:
    """The error that Snowflake would have answered where DuckDB, sqlglot or we failed."""
    text = str(error)
    if not isinstance(error, SnowflakeError) and (found := _CARRIED.search(text)):
        return SnowflakeError(int(found[1]), found[2], found[3])
    match error:
        case SnowflakeError():
            return error
        case ParseError() | TokenError():
            return syntax_error(re.sub(r"\x1b\[\d+m", "", text).split("\n")[0])
        case duckdb.InterruptException():
            return SnowflakeError(604, "57014", "SQL execution canceled")
        case duckdb.ParserException() | duckdb.SyntaxException():
            return syntax_error(_clean(text))
        case duckdb.BinderException():
            return _binder(text)
        case duckdb.CatalogException():
            return _catalog(text)
        case duckdb.ConstraintException():
            column = re.search(r"NOT NULL constraint failed: (.+)", text)
            if column:
                name = column[1].split(".")[-1].split(MARK)[0].strip()
                return SnowflakeError(100072, "22000", f"NULL result in a non-nullable column: {name}")
            return SnowflakeError(100072, "22000", _clean(text))
        case duckdb.OutOfRangeException():
            return SnowflakeError(100039, "22003", f"Numeric value is out of range: {_clean(text)}")
        case duckdb.ConversionException():
            return _conversion(text)
        case duckdb.InvalidInputException():
            if "cannot affect the same target row more than once" in text:
                return SnowflakeError(100090, "42P18", "Duplicate row detected during DML action")
            if "is too long and would be truncated" in text:
                return SnowflakeError(100078, "22000", _clean(text))
            if "Division by zero" in text:
                return SnowflakeError(100051, "22012", "Division by zero")
            if "JSON" in text:
                return SnowflakeError(100069, "22P02", f"Error parsing JSON: {_clean(text)}")
            return SnowflakeError(100069, "22000", _clean(text))
        case duckdb.TransactionException():
            return SnowflakeError(625, "57014", f"Statement was aborted by a concurrent write: {_clean(text)}")
        case duckdb.OutOfMemoryException():
            return SnowflakeError(300005, "53200", f"Out of memory: raise --memory-limit. {_clean(text)}")
        case duckdb.IOException():
            return SnowflakeError(100080, "22000", _clean(text))
        case NotImplementedError():
            return unsupported(_clean(text))
    return SnowflakeError(603, "XX000", f"{type(error).__name__}: {_clean(text)}")
