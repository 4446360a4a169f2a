"""Whose column a name in a query means, and the type that it has there."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.errors import SnowflakeError
from local_snowflake.identifiers import ObjectName
from local_snowflake.names import identifier_text, name_parts, written_name
from local_snowflake.sessions import Session
from local_snowflake.types import SnowflakeType

MAX_DEPTH = 40
_SCOPES = (exp.Select, exp.Merge, exp.Update, exp.Delete)

TypeOf = Callable[[Expr, int], SnowflakeType | None]


def _parents(node: Expr) -> Iterator[Expr]:
    while node.parent is not None:
        node = node.parent
        yield node


def _scope_around(scope: Expr) -> Expr | None:
    """Whose columns a query may name beside its own: none, where it stands for a table."""
    for parent in _parents(scope):
        if isinstance(parent, _SCOPES):
            return parent
        if isinstance(parent, (exp.CTE, exp.From, exp.Join)):
            return None
    return None


def _is_computed(select: exp.Select, node: Expr) -> bool:
    """Whether a column stands in the SELECT's list or in WHERE, where a table's column goes before one of the list's own."""
    top = node
    for parent in _parents(node):
        if parent is select:
            return top.arg_key in ("expressions", "where")
        top = parent
    return False


class QueryColumns:
    """Finds the columns of one statement in its tables, subqueries and CTEs; `type_of` tells the type of an expression."""

    def __init__(self, session: Session, type_of: TypeOf) -> None:
        self._session = session
        self._type_of = type_of
        self._tables: dict[ObjectName, dict[str, SnowflakeType]] = {}
        self._queries: dict[tuple[int, str], SnowflakeType | None] = {}

    def of(self, node: exp.Column, depth: int) -> SnowflakeType | None:
        scope = node.find_ancestor(*_SCOPES)
        while scope is not None:
            if (kind := self._in_scope(scope, node, depth)) is not None:
                return kind
            scope = _scope_around(scope)
        return None

    def _in_scope(self, scope: Expr, node: exp.Column, depth: int) -> SnowflakeType | None:
        wanted = (
            identifier_text(self._session, node.this) if isinstance(node.this, exp.Identifier) else node.name.upper()
        )
        table = node.args.get("table")
        qualifier = identifier_text(self._session, table) if table is not None else None
        for source in self._sources(scope):
            alias = self._alias(source)
            if qualifier is not None and alias != qualifier:
                continue
            kind = self._from_source(source, wanted, depth)
            if kind is not None:
                return kind
        if qualifier is None and isinstance(scope, exp.Select) and not _is_computed(scope, node):
            return self._named(scope, wanted, depth)
        return None

    def _named(self, select: exp.Select, wanted: str, depth: int) -> SnowflakeType | None:
        """The type of one of the SELECT's own columns, which its other clauses may name."""
        for item in select.expressions:
            if isinstance(item, exp.Alias) and identifier_text(self._session, item.args["alias"]) == wanted:
                return self._type_of(item.this, depth + 1)
        return None

    @staticmethod
    def _sources(scope: Expr) -> list[Expr]:
        start = scope.args.get("from_")
        own = [scope.this] if not isinstance(scope, exp.Select) and scope.this is not None else []
        using = scope.args.get("using") or []
        used = [source for source in (using if isinstance(using, list) else [using]) if isinstance(source, Expr)]
        joins = scope.args.get("joins") or []
        return [*own, *used, *([start.this] if start is not None else []), *(join.this for join in joins)]

    def _alias(self, source: Expr) -> str | None:
        alias = source.args.get("alias")
        if alias is not None and isinstance(alias.this, exp.Identifier):
            return identifier_text(self._session, alias.this)
        return (
            identifier_text(self._session, source.this)
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier)
            else None
        )

    def _from_source(self, source: Expr, wanted: str, depth: int) -> SnowflakeType | None:
        values = source.this if isinstance(source, exp.Subquery) else source
        if isinstance(values, exp.Values):
            return self._of_values(source, values, wanted, depth)
        if isinstance(source, exp.Subquery):
            return self._from_query(source.this, self._renamed(source, source.this, wanted), depth)
        if not isinstance(source, exp.Table) or not isinstance(source.this, exp.Identifier):
            return None
        if not source.args.get("db") and (cte := self._cte(source)) is not None:
            return self._from_query(cte.this, self._renamed(cte, cte.this, wanted), depth)
        try:
            name = self._session.resolve(name_parts(self._session, source))
        except SnowflakeError:
            return None
        if name not in self._tables:
            relation = catalog.find(self._session, name)
            self._tables[name] = {c.name: c.held for c in catalog.columns(self._session, relation)} if relation else {}
        return self._tables[name].get(wanted)

    def _renamed(self, source: Expr, query: Expr, wanted: str) -> str:
        """The name within the query of a column that its alias names anew: `(SELECT a FROM t) AS s (b)`."""
        alias = source.args.get("alias")
        names = (
            [identifier_text(self._session, n) for n in (alias.args.get("columns") or [])] if alias is not None else []
        )
        if wanted not in names:
            return wanted
        while isinstance(query, (exp.SetOperation, exp.Subquery, exp.Paren)):
            query = query.this
        item = (
            query.expressions[names.index(wanted)]
            if isinstance(query, exp.Select) and len(query.expressions) >= len(names)
            else None
        )
        node = None if item is None else written_name(item)
        return identifier_text(self._session, node) if isinstance(node, exp.Identifier) else wanted

    def _of_values(self, source: Expr, values: exp.Values, wanted: str, depth: int) -> SnowflakeType | None:
        """A column of VALUES, of its name or COLUMN1, COLUMN2, …: the type of the first row's value."""
        alias = source.args.get("alias") or values.args.get("alias")
        first = values.expressions[0] if values.expressions else None
        items = first.expressions if isinstance(first, exp.Tuple) else [first] if first is not None else []
        given = alias.args.get("columns") if alias is not None else None
        names = [identifier_text(self._session, n) for n in given or []] or [
            f"COLUMN{i + 1}" for i in range(len(items))
        ]
        kinds = [self._type_of(item, depth + 1) for item, name in zip(items, names, strict=False) if name == wanted]
        return kinds[0] if kinds and kinds[0] is not None and kinds[0].name == "TIMESTAMP_TZ" else None

    def zoned(self, query: Expr, depth: int = 0) -> list[Expr]:
        """The names of the columns of a query's stars that are TIMESTAMP_TZ."""
        found: list[Expr] = []
        for source in self._sources(query) if isinstance(query, exp.Select) and depth < MAX_DEPTH else []:
            inner = source.this if isinstance(source, exp.Subquery) else None
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                cte = self._cte(source) if not source.args.get("db") else None
                inner = cte.this if cte is not None else None
                if cte is None and self._from_source(source, "", depth) is None:
                    held = self._tables.get(self._resolved(source), {})
                    found += [
                        exp.to_identifier(n, quoted=True) for n, kind in held.items() if kind.name == "TIMESTAMP_TZ"
                    ]
            while isinstance(inner, (exp.SetOperation, exp.Subquery, exp.Paren)):
                inner = inner.this
            if isinstance(inner, exp.Select):
                for item in inner.expressions:
                    named = item.args.get("alias") if isinstance(item, exp.Alias) else item.this
                    kind = None if item.is_star else self._type_of(item.unalias(), depth + 1)
                    if kind is not None and kind.name == "TIMESTAMP_TZ" and isinstance(named, exp.Identifier):
                        found.append(named.copy())
                if any(item.is_star for item in inner.expressions):
                    found += self.zoned(inner, depth + 1)
        return found

    def _resolved(self, table: exp.Table) -> ObjectName | None:
        try:
            return self._session.resolve(name_parts(self._session, table))
        except SnowflakeError:
            return None

    def _cte(self, table: exp.Table) -> exp.CTE | None:
        wanted = identifier_text(self._session, table.this)
        node = table.parent
        while node is not None:
            with_ = node.args.get("with_")
            for cte in with_.expressions if with_ is not None else []:
                if (
                    identifier_text(self._session, cte.args["alias"].this) == wanted
                    and table.find_ancestor(exp.CTE) is not cte
                ):
                    return cte
            node = node.parent
        return None

    def _from_query(self, query: Expr, wanted: str, depth: int) -> SnowflakeType | None:
        key = (id(query), wanted)
        if key not in self._queries:
            self._queries[key] = None  # a recursive query asks for itself
            self._queries[key] = self._projected(query, wanted, depth)
        return self._queries[key]

    def _projected(self, query: Expr, wanted: str, depth: int) -> SnowflakeType | None:
        if depth > MAX_DEPTH:
            return None
        while isinstance(query, (exp.SetOperation, exp.Subquery, exp.Paren)):
            query = query.this
        if not isinstance(query, exp.Select):
            return None
        for item in query.expressions:
            if isinstance(item, exp.Alias):
                if identifier_text(self._session, item.args["alias"]) == wanted:
                    return self._type_of(item.this, depth + 1)
            elif (
                isinstance(item, exp.Column)
                and isinstance(item.this, exp.Identifier)
                and identifier_text(self._session, item.this) == wanted
            ):
                return self._type_of(item, depth + 1)
        if any(item.is_star for item in query.expressions):
            for source in self._sources(query):
                if (kind := self._from_source(source, wanted, depth + 1)) is not None:
                    return kind
        return None
