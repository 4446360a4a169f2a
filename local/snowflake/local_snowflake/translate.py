"""A query or DML statement of Snowflake's, as DuckDB runs it."""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa
from sqlglot import Expr, exp

from local_snowflake import information_schema
from local_snowflake.column_positions import replace_positions
from local_snowflake.errors import SnowflakeError, not_found, syntax_error
from local_snowflake.functions import rewrite_functions
from local_snowflake.identifiers import ObjectName, physical
from local_snowflake.inference import mark_types
from local_snowflake.names import identifier, identifier_text, name_parts, split_name, visible_ctes
from local_snowflake.sequences import number_rows_for_windows
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all
from local_snowflake.view_rights import require_select


class Translation:
    """Turns one parsed statement into DuckDB's SQL. The tree given is used up: who needs it again gives a copy, and so does
    who has it as a part of another.

    `stage_relation` gives what reads the files of a stage reference. Call `close` when the SQL has run.
    """

    def __init__(self, session: Session, stage_relation: Callable[[exp.Table], Expr] | None = None) -> None:
        self._session = session
        self._stage_relation = stage_relation
        self._readers: dict[str, Expr] = {}
        self._registered: list[str] = []
        self.tables: set[ObjectName] = set()

    def sql(self, expression: Expr) -> str:
        return self.expression(expression).sql("duckdb", copy=False)

    def expression(self, expression: Expr) -> Expr:
        expression = name_projections(expression)
        expression = self._resolve_dynamic_names(expression)
        self._replace_stages(expression)
        self._replace_result_scans(expression)
        replace_positions(self._session, expression)
        mark_types(self._session, expression)
        expression = rewrite_functions(self._session, expression)
        number_rows_for_windows(expression, self._readers)
        self._qualify(expression)
        expression = self._encode(expression)
        self._put_readers(expression)
        return expression

    def _resolve_dynamic_names(self, expression: Expr) -> Expr:
        """IDENTIFIER('a.b') and TABLE('a.b') are names."""
        for table in find_all(expression, exp.Table):
            inner = table.this
            argument = None
            if isinstance(inner, exp.Anonymous) and inner.name.upper() in ("IDENTIFIER", "TABLE"):
                argument = inner.expressions[0]
            elif isinstance(inner, getattr(exp, "DynamicIdentifier", ())):
                argument = inner.this
            if argument is not None:
                parts = split_name(self._session, argument.name if isinstance(argument, Expr) else str(argument))
                named = exp.Table(
                    **{
                        k: exp.to_identifier(p, quoted=True)
                        for k, p in zip(("this", "db", "catalog"), reversed(parts), strict=False)
                    }
                )
                if alias := table.args.get("alias"):
                    named.set("alias", alias)
                table.replace(named)
        for rows in find_all(expression, exp.TableFromRows):
            if isinstance(rows.this, exp.Literal) and rows.this.is_string:  # TABLE('a.b')
                parts = split_name(self._session, rows.this.name)
                names = zip(("this", "db", "catalog"), reversed(parts), strict=False)
                named = exp.Table(**{key: exp.to_identifier(part, quoted=True) for key, part in names})
                named.set("alias", rows.args.get("alias"))
                rows.replace(named)
        return expression

    def _replace_stages(self, expression: Expr) -> None:
        for table in find_all(expression, exp.Table):
            if isinstance(table.this, (exp.Var, exp.Literal)) and table.this.name.startswith("@"):
                if self._stage_relation is None:
                    raise syntax_error("a stage cannot be read here")
                # what reads the files is DuckDB's SQL already: it is put in when everything else has been rewritten
                name = f"_stage_{len(self._readers)}"
                self._readers[name] = self._stage_relation(table)
                table.replace(exp.Table(this=_done(name)))

    def _put_readers(self, expression: Expr) -> None:
        for table in find_all(expression, exp.Table):
            if table.name in self._readers:
                table.replace(self._readers[table.name])

    def _replace_result_scans(self, expression: Expr) -> None:
        """TABLE(RESULT_SCAN(LAST_QUERY_ID())) reads an earlier answer of this session."""
        for rows in find_all(expression, exp.TableFromRows):
            call = rows.this
            if isinstance(call, exp.Anonymous) and call.name.upper() == "RESULT_SCAN":
                argument = call.expressions[0]
                query_id = argument.name if isinstance(argument, exp.Literal) else self._session.last_query_id
                result = self._session.remembered(query_id)
                if result is None:
                    raise SnowflakeError(709, "02000", f"Statement {query_id} not found")
                table = exp.Table(this=_done(""), alias=rows.args.get("alias"))
                rows.replace(table)
                self._register(table, "RESULT_SCAN", result.arrow())

    def _qualify(self, expression: Expr) -> None:
        session = self._session
        for table in find_all(expression, exp.Table):
            if not isinstance(table.this, exp.Identifier) or table.this.args.get("_done"):
                continue
            parts = name_parts(session, table)
            if len(parts) == 1 and parts[0] in visible_ctes(table):
                continue
            name = session.resolve(parts)
            if name.schema == "INFORMATION_SCHEMA":
                self._register(table, name.name, information_schema.table(session, name))
                continue
            self.tables.add(name)
            if not _is_written(table):
                require_select(session, name)
            self._point(table, name)
        for column in find_all(expression, exp.Column):
            if column.args.get("db"):
                column.set("db", None)
                column.set("catalog", None)

    def _register(self, table: exp.Table, name: str, rows: pa.Table) -> None:
        """Lets the query read rows that are not DuckDB's; `close` takes them away again."""
        registered = f"_rows_{self._session.next_number()}"
        self._session.transactions.provide(registered, rows)
        self._registered.append(registered)
        if not table.args.get("alias"):
            table.set("alias", exp.TableAlias(this=exp.to_identifier(name, quoted=True)))
        table.set("this", _done(registered))
        table.set("db", None)
        table.set("catalog", None)

    def close(self) -> None:
        self._session.transactions.withdraw(self._registered)
        self._registered.clear()

    def _point(self, table: exp.Table, name: ObjectName) -> None:
        session = self._session
        if not session.store.has_schema(name.database, name.schema):
            kind = "Schema" if session.store.has_database(name.database) else "Database"
            raise not_found(kind, f"{name.database}.{name.schema}" if kind == "Schema" else name.database)
        if session.is_temporary(name):
            inner = session.table_sql(name)[len("temp.main.") :][1:-1].replace('""', '"')
            parent = table.parent
            plain_target = isinstance(parent, (exp.Insert, exp.Schema, exp.TruncateTable))
            if not table.args.get("alias") and not plain_target:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name.name, quoted=True)))
            table.set("this", _done(inner))
            table.set("db", _done("main"))
            table.set("catalog", _done("temp"))
        else:
            table.set("this", _done(physical(name.name)))
            table.set("db", _done(name.duckdb_schema))
            table.set("catalog", None)

    def _encode(self, expression: Expr) -> Expr:
        for node in find_all(expression, exp.Identifier):
            if node.args.get("_done"):
                node.args.pop("_done")
                continue
            text = identifier_text(self._session, node)
            node.set("this", physical(text))
            node.set("quoted", True)
        return expression


def _is_written(table: exp.Table) -> bool:
    """Whether a statement writes it: what that needs is asked where the statement is carried out."""
    node: Expr = table.parent if isinstance(table.parent, exp.Schema) else table
    statement = node.parent
    return isinstance(statement, (exp.Insert, exp.Update, exp.Delete, exp.Merge)) and statement.this is node


def _done(name: str) -> exp.Identifier:
    """An identifier that is DuckDB's already."""
    node = exp.to_identifier(name, quoted=True)
    node.args["_done"] = True
    return node


def name_projections(expression: Expr) -> Expr:
    """Names a query's unnamed columns as Snowflake does, by their text in upper case."""
    select: Expr | None = expression
    while isinstance(select, (exp.Subquery, exp.SetOperation, exp.Paren)):
        select = select.this
    if not isinstance(select, exp.Select):
        return expression
    named: list[Expr] = []
    for item in select.expressions:
        bare = item.unnest() if isinstance(item, exp.Paren) else item
        if (
            isinstance(bare, exp.Column)
            and isinstance(bare.this, exp.Identifier)
            or isinstance(item, (exp.Alias, exp.Aliases))
            or item.is_star
        ):
            named.append(item)
        else:
            named.append(exp.alias_(item, _shown(item), quoted=True))
    select.set("expressions", named)
    return expression


def _shown(item: Expr) -> str:
    if isinstance(item, exp.JSONExtract) and isinstance(item.expression, exp.JSONPath):
        steps = item.expression.expressions
        keys = [str(step.this) for step in steps if isinstance(step, exp.JSONPathKey)]
        if len(keys) == len(steps) - 1:
            return f"{item.this.sql('snowflake')}:{'.'.join(keys)}".upper()
    text = item.sql("snowflake")
    return text if isinstance(item, exp.Literal) else text.upper()


__all__ = ["Translation", "identifier", "name_projections"]
