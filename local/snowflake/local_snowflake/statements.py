"""One statement of a client: parsed, sent to whoever carries it out, answered."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from decimal import Decimal

import duckdb
from sqlglot import Expr, exp

from local_snowflake import alter, comments, ddl, describe, dml, show, stages
from local_snowflake.account_objects import account_statement
from local_snowflake.binds import Binds, substitute
from local_snowflake.copy_into import copy_into
from local_snowflake.errors import SnowflakeError, from_duckdb, no_such_object, syntax_error, unsupported
from local_snowflake.grammar import parse
from local_snowflake.identifiers import logical
from local_snowflake.names import name_parts, split_name
from local_snowflake.options import value_of
from local_snowflake.results import Result, ResultColumn, status
from local_snowflake.roles import use_role
from local_snowflake.sessions import Session
from local_snowflake.transaction_statements import abort_transaction, transaction_statement
from local_snowflake.trees import find_all
from local_snowflake.types import from_duckdb as type_from_duckdb
from local_snowflake.warehouses import is_usable, require_warehouse

_DDL = re.compile(r"\s*(CREATE|DROP|ALTER\s+(?!SESSION\b)|COMMENT|GRANT|REVOKE|UNDROP|TRUNCATE)\b", re.I)
_ACCEPTED = re.compile(
    r"\s*(CREATE|ALTER|DROP)\s+(OR\s+REPLACE\s+)?(DATABASE\s+ROLE|NETWORK\s+RULE"
    r"|ACCOUNT|AUTHENTICATION\s+POLICY|TAG|INTEGRATION|SECURITY\s+INTEGRATION)\b|\s*ALTER\s+DATABASE\b|\s*ALTER\s+SCHEMA\b",
    re.I,
)
_SECONDARY = re.compile(r"\s*USE\s+SECONDARY\s+ROLES\s+(ALL|NONE)\s*;?\s*$", re.I)
_LIST = re.compile(
    r"""\s*(LIST|LS|REMOVE|RM)\s+('@(?:[^'])*'|@\S+)(?:\s+PATTERN\s*=\s*'((?:[^']|'')*)')?\s*;?\s*$""", re.I
)
_BEGIN = re.compile(r"\s*(BEGIN(\s+(WORK|TRANSACTION))?|START\s+TRANSACTION)(\s+NAME\s+\w+)?\s*;?\s*$", re.I)
# Several parameters in one statement, which the parser gives up on.
_VALUE = r"'(?:[^']|'')*'|[\w.-]+"
_SESSION_PARAMETERS = re.compile(rf"\s*ALTER\s+SESSION\s+SET\s+((?:\w+\s*=\s*(?:{_VALUE})[\s,]*)+);?\s*$", re.I)
_ASSIGNMENT = re.compile(rf"(\w+)\s*=\s*({_VALUE})")
_MANY_CHANGES = re.compile(r"\s*ALTER\s+(TABLE|VIEW)\s.*\s(ALTER|MODIFY)\s.*(,|\bCOMMENT\s)", re.I | re.S)


class Statements:
    """Carries out statements for a session, under its parameters for time and for errors in transactions."""

    def __init__(self, session: Session, base_url: str) -> None:
        self._session = session
        self._base_url = base_url

    def run(self, text: str, binds: Binds, describe_only: bool = False) -> Result:
        """Runs one statement and gives its answer.

        Raises SnowflakeError; the session's transaction goes on then, unless TRANSACTION_ABORT_ON_ERROR is set.
        """
        session = self._session
        seconds = session.parameters["STATEMENT_TIMEOUT_IN_SECONDS"]
        timer = None
        session.cancel_reason = None
        if seconds:
            reason = SnowflakeError(
                630,
                "57014",
                f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled.",
            )
            timer = threading.Timer(min(seconds, threading.TIMEOUT_MAX), session.interrupt, [reason])
            timer.daemon = True
            timer.start()
        try:
            result = self._run(text, binds, describe_only)
        except Exception as error:
            found = session.cancel_reason if session.cancel_reason and _is_cancel(error) else from_duckdb(error)
            if session.transactions.open and session.parameters["TRANSACTION_ABORT_ON_ERROR"]:
                session.transactions.abort()
            raise found from error
        finally:
            if timer:
                timer.cancel()
        session.remember(result)
        return result

    def _run(self, text: str, binds: Binds, describe_only: bool) -> Result:
        session = self._session
        text = text.strip()
        if _DDL.match(text) and not describe_only:
            session.transactions.commit()  # DDL commits what is open
        if (answered := self._by_text(text)) is not None:
            return answered
        expression = parse(text)
        if isinstance(expression, exp.Insert) and binds.batch is not None:
            self._implicit_begin()
            return dml.insert_batch(session, expression, binds.batch)
        expression = substitute(session, expression, binds, describe_only)
        if describe_only:
            return self._describe(expression)
        return self._by_kind(expression, text)

    # -- statements known by their text

    def _by_text(self, text: str) -> Result | None:
        session = self._session
        head = text[:40].upper().split()
        first = head[0].rstrip(";") if head else ""
        if (answered := transaction_statement(session, text) or account_statement(session, text)) is not None:
            return answered
        if first in ("LIST", "LS", "REMOVE", "RM"):
            match = _LIST.match(text)
            if not match:
                raise syntax_error(f"unexpected text in {first}")
            reference = match[2].strip("'")
            act = stages.list_files if first in ("LIST", "LS") else stages.remove_files
            return act(session, reference, match[3] and match[3].replace("''", "'"))
        if first == "SHOW" and len(head) > 1 and head[1] in ("PARAMETERS", "VARIABLES", "INTEGRATIONS"):
            return show.show_text(session, text)
        if _ACCEPTED.match(text):
            _check_accepted(session, text)
            return status()
        if match := _SECONDARY.match(text):
            session.secondary_roles = match[1].upper() == "ALL"
            return status(kind="USE")
        if first == "ALTER" and _MANY_CHANGES.match(text) and (done := alter.alter_text(session, text)) is not None:
            return done
        if first == "ALTER" and (done := alter.alter_keys(session, text)) is not None:
            return done
        if first in ("BEGIN", "START"):
            if not _BEGIN.match(text):
                raise syntax_error(f"unexpected text after {first}")
            session.transactions.begin()
            return status(kind="TRANSACTION")
        if first == "UNSET":
            names = re.findall(r"\w+", text[5:])
            if not names:
                raise syntax_error("syntax error: UNSET names no variable")
            for name in names:
                session.variables.pop(name.upper(), None)
            return status(kind="OTHER")
        return None

    # -- statements known by what was parsed

    def _by_kind(self, expression: Expr, text: str) -> Result:
        session = self._session
        if _computes(expression):
            require_warehouse(session)
        match expression:
            case exp.Select() | exp.SetOperation() | exp.Subquery() | exp.Values():
                return self._query(expression)
            case exp.Insert():
                self._implicit_begin()
                return dml.insert(session, expression)
            case exp.Update():
                self._implicit_begin()
                return dml.update(session, expression)
            case exp.Delete():
                self._implicit_begin()
                return dml.delete(session, expression)
            case exp.Merge():
                self._implicit_begin()
                return dml.merge(session, expression)
            case exp.Copy():
                self._implicit_begin()
                return copy_into(session, expression)
            case exp.TruncateTable():
                return dml.truncate(session, expression)
            case exp.Create():
                return ddl.create(session, expression, text)
            case exp.Drop():
                return ddl.drop(session, expression)
            case exp.Comment():
                return comments.comment(session, expression)
            case exp.Alter() if str(expression.args.get("kind")).upper() == "SESSION":
                return self._alter_session(expression)
            case exp.Alter():
                return alter.alter(session, expression)
            case exp.Put():
                return stages.put(session, expression, self._base_url)
            case exp.Show():
                return show.show(session, expression)
            case exp.Describe():
                return describe.describe(session, expression)
            case exp.Use():
                return self._use(expression)
            case exp.Set():
                return self._set(expression)
            case exp.Commit():
                session.transactions.commit()
                return status(kind="TRANSACTION")
            case exp.Rollback():
                session.transactions.rollback()
                return status(kind="TRANSACTION")
            case exp.Command():
                return self._command(expression, text)
        raise unsupported(text[:80])

    def _implicit_begin(self) -> None:
        if not self._session.parameters["AUTOCOMMIT"]:
            self._session.transactions.begin()

    def _command(self, expression: exp.Command, text: str) -> Result:
        name = str(expression.this).upper()
        if name == "SHOW":
            return show.show_text(self._session, text)
        if match := _SESSION_PARAMETERS.match(text):
            for parameter, given in _ASSIGNMENT.findall(match[1]):
                value = value_of(parse(f"SELECT {given}").expressions[0])
                _change(lambda parameter=parameter, value=value: self._session.set_parameter(parameter, value))
            return status()
        if name == "CALL":  # no procedure is there
            called = re.match(r"\s*CALL\s+([\w.$\"]+)", text, re.I)
            raise SnowflakeError(
                2140, "42601", f"SQL compilation error:\nUnknown user-defined procedure {called[1] if called else ''}."
            )
        raise unsupported(text[:80])

    def _query(self, expression: Expr) -> Result:
        session = self._session
        for call in find_all(expression, exp.Anonymous):
            if call.name.upper() == "SYSTEM$ABORT_TRANSACTION":
                call.replace(exp.Literal.string(abort_transaction(session, int(call.expressions[0].name))))
            elif call.name.upper() == "GET_DDL":
                kind, name = call.expressions[0].name, call.expressions[1].name
                call.replace(exp.Literal.string(describe.get_ddl(session, kind, name)))
        made = dml.translation(session)
        try:
            sql = made.sql(expression)
            return session.transactions.read(lambda cursor: fetch(cursor, sql))
        finally:
            made.close()

    def _describe(self, expression: Expr) -> Result:
        """describeOnly: the columns of an answer, without running anything."""
        if isinstance(expression, (exp.Select, exp.SetOperation, exp.Subquery)):
            made = dml.translation(self._session)
            try:
                sql = f"SELECT * FROM ({made.sql(expression)}) LIMIT 0"
                return self._session.transactions.read(lambda cursor: fetch(cursor, sql))
            finally:
                made.close()
        if isinstance(expression, exp.Insert):
            return dml.counts("INSERT", inserted=0)
        return status()

    def _use(self, expression: exp.Use) -> Result:
        session = self._session
        kind = expression.args.get("kind")
        what = kind.name.upper() if kind is not None else "DATABASE"
        parts = name_parts(session, expression.this)
        match what:
            case "ROLE":
                use_role(session, parts[-1])
            case "WAREHOUSE":
                if not is_usable(session, parts[-1]):
                    raise no_such_object()
                session.warehouse = parts[-1]
            case "SCHEMA":
                database = parts[-2] if len(parts) > 1 else session.database
                there = database is not None and session.store.has_schema(database, parts[-1])
                if not there or not session.access.sees_path(database, parts[-1]):
                    raise no_such_object()
                session.database, session.schema = database, parts[-1]
            case _:
                if len(parts) > 1:
                    return self._use(exp.Use(kind=exp.Var(this="SCHEMA"), this=expression.this))
                if not session.store.has_database(parts[-1]) or not session.access.sees_path(parts[-1]):
                    raise no_such_object()
                session.database = parts[-1]
                public = session.store.has_schema(parts[-1], "PUBLIC") and session.access.sees_path(parts[-1], "PUBLIC")
                session.schema = "PUBLIC" if public else None
        return status(kind="USE")

    def _alter_session(self, expression: exp.Alter) -> Result:
        session = self._session
        for action in expression.args["actions"]:
            unset = bool(action.args.get("unset"))
            for item in action.expressions:
                if unset:
                    node = item.this if isinstance(item, exp.SetItem) else item
                    _change(lambda name=node.name: session.unset_parameter(name))
                else:
                    name, value = item.this.this.name, value_of(item.this.expression)
                    _change(lambda name=name, value=value: session.set_parameter(name, value))
        return status()

    def _set(self, expression: exp.Set) -> Result:
        session = self._session
        for item in expression.expressions:
            left, right = item.this.this, item.this.expression
            pairs = (
                zip(left.expressions, right.expressions, strict=True)
                if isinstance(left, exp.Tuple)
                else [(left, right)]
            )
            for name, value in pairs:
                answer = self._query(exp.select(exp.alias_(value.copy(), "V")))
                plain = value_of(value) if isinstance(value, (exp.Literal, exp.Boolean)) else answer.rowset()[0][0]
                if plain is not None and answer.columns[0].type.name == "NUMBER":
                    plain = Decimal(str(plain))
                session.variables[name.name.upper()] = plain
        return status(kind="OTHER")


def _check_accepted(session: Session, text: str) -> None:
    """ALTER of a database or schema changes nothing here, but it is its owner's."""
    match = re.match(r"\s*ALTER\s+(DATABASE|SCHEMA)\s+(?:IF\s+EXISTS\s+)?(\S+)", text, re.I)
    if match:
        kind, parts = match[1].upper(), split_name(session, match[2])
        database = parts[0] if kind == "DATABASE" or len(parts) > 1 else session.database or ""
        there = (
            session.store.has_database(database)
            if kind == "DATABASE"
            else session.store.has_schema(database, parts[-1])
        )
        if not there:
            if re.match(r"\s*ALTER\s+\w+\s+IF\s+EXISTS\b", text, re.I):
                return
            raise no_such_object()
        session.access.require_owner(
            kind, *([session.database or ""] if kind == "SCHEMA" and len(parts) == 1 else []), *parts
        )


def _change(work: Callable[[], None]) -> None:
    try:
        work()
    except ValueError as error:
        raise SnowflakeError(1008, "22023", f"SQL compilation error:\n{error}") from error


def _computes(expression: Expr) -> bool:
    """Whether the statement needs a warehouse: it reads or writes rows of a table, or asks INFORMATION_SCHEMA, unlike SHOW."""
    if isinstance(expression, (exp.Insert, exp.Update, exp.Delete, exp.Merge, exp.Copy)):
        return True
    query = expression.expression if isinstance(expression, exp.Create) else expression
    if not isinstance(query, (exp.Select, exp.SetOperation, exp.Subquery)):
        return False
    if isinstance(expression, exp.Create) and str(expression.args.get("kind")).upper() != "TABLE":
        return False
    return next(iter(find_all(query, exp.Table)), None) is not None


def _is_cancel(error: BaseException) -> bool:
    return isinstance(error, duckdb.InterruptException) or isinstance(error, SnowflakeError) and error.code == 604


def fetch(cursor: duckdb.DuckDBPyConnection, sql: str) -> Result:
    """A query's answer."""
    relation = cursor.sql(sql)
    columns = [
        ResultColumn(logical(name), type_from_duckdb(str(kind)))
        for name, kind in zip(relation.columns, relation.types, strict=True)
    ]
    return Result(columns, table=relation.to_arrow_table())
