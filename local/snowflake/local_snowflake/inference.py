"""The types of expressions, as far as their literals, casts and columns tell.

Division needs its operands' scales, and what is known to be a text or a date needs no macro that looks at its type.
"""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.errors import SnowflakeError
from local_snowflake.identifiers import ObjectName
from local_snowflake.names import identifier_text, name_parts
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all
from local_snowflake.types import MAX_TEXT, SnowflakeType, from_expression

_FLOATS = (
    exp.Sqrt,
    exp.Exp,
    exp.Ln,
    exp.Log,
    exp.Pow,
    exp.Stddev,
    exp.StddevPop,
    exp.StddevSamp,
    exp.Variance,
    exp.VariancePop,
    exp.Cbrt,
)
_SAME = (
    exp.Paren,
    exp.Neg,
    exp.Alias,
    exp.Abs,
    exp.Max,
    exp.Min,
    exp.AnyValue,
    exp.Lag,
    exp.Lead,
    exp.FirstValue,
    exp.LastValue,
    exp.Window,
    exp.Nullif,
)
_SCOPES = (exp.Select, exp.Merge, exp.Update, exp.Delete)
_FLOAT = SnowflakeType("FLOAT")
_DEPTH = 40
_ZONED_CALLS = {"TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ", "TIMESTAMP_TZ_FROM_PARTS", "TIMESTAMPTZFROMPARTS"}


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


def _number(scale: int) -> SnowflakeType:
    return SnowflakeType("NUMBER", 38, min(scale, 37))


def quotient_scale(scale: int) -> int:
    """Six digits more than the dividend, up to twelve, and never fewer than the dividend has."""
    return max(scale, min(scale + 6, 12))


class Inference:
    """Finds types within one statement; None where they are not to be known."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._tables: dict[ObjectName, dict[str, SnowflakeType]] = {}
        self._queries: dict[tuple[int, str], SnowflakeType | None] = {}

    def of(self, node: Expr, depth: int = 0) -> SnowflakeType | None:
        if depth > _DEPTH:
            return None
        match node:
            case exp.Literal() if not node.is_string:
                _, _, fraction = node.name.partition(".")
                return _FLOAT if "e" in node.name.lower() else _number(len(fraction))
            case exp.Cast():
                return from_expression(node.to)
            case exp.Column():
                return self._column(node, depth)
            case (
                exp.Literal()
                | exp.DPipe()
                | exp.Concat()
                | exp.Upper()
                | exp.Lower()
                | exp.Trim()
                | exp.Replace()
                | exp.Substring()
            ):
                return SnowflakeType("VARCHAR", length=MAX_TEXT)
            case exp.Boolean() | exp.And() | exp.Or() | exp.Not() | exp.Predicate():
                return SnowflakeType("BOOLEAN")
            case exp.Count() | exp.CountIf() | exp.RowNumber() | exp.Rank() | exp.DenseRank() | exp.Length():
                return _number(0)
            case exp.Sum():
                kind = self.of(node.this, depth + 1)
                return kind if kind is not None and kind.name in ("NUMBER", "FLOAT") else None
            case exp.Add() | exp.Sub() | exp.Mod():
                kind = self._wider([node.left, node.right], depth)
                return kind if kind is not None and kind.name in ("NUMBER", "FLOAT") else None
            case exp.Mul():
                return self._product(self.of(node.left, depth + 1), self.of(node.right, depth + 1))
            case exp.Div():
                return self._quotient(self.of(node.left, depth + 1), self.of(node.right, depth + 1))
            case exp.Avg():
                return self._quotient(self.of(node.this, depth + 1), _number(0))
            case exp.Coalesce():
                return self._wider([node.this, *node.expressions], depth)
            case exp.If():
                return self._wider([n for n in (node.args.get("true"), node.args.get("false")) if n is not None], depth)
            case exp.Case():
                results = [branch.args["true"] for branch in node.args["ifs"]]
                return self._wider([*results, *([node.args["default"]] if node.args.get("default") else [])], depth)
            case exp.DateAdd():
                kind = self.of(node.this, depth + 1)
                return kind if kind is not None and kind.name.startswith("TIMESTAMP") else None
            case exp.ArgMax() | exp.ArgMin() | exp.IgnoreNulls() | exp.NthValue():
                return self.of(node.this, depth + 1)
            case exp.Greatest() | exp.Least():
                return self._wider([node.this, *node.expressions], depth)
            case exp.Round() | exp.Trunc():
                return self._rounded(node, depth)
            case exp.Subquery() if isinstance(node.this, exp.Select) and len(node.this.expressions) == 1:
                return self.of(node.this.expressions[0], depth + 1)
        if isinstance(node, _FLOATS):
            return _FLOAT
        if isinstance(node, exp.Anonymous):
            return self._call(node, depth)
        return self.of(node.this, depth + 1) if isinstance(node, _SAME) and isinstance(node.this, Expr) else None

    def _call(self, node: exp.Anonymous, depth: int) -> SnowflakeType | None:
        name = node.name.upper()
        if name in ("ROUND", "TRUNC", "TRUNCATE"):
            inner = self.of(node.expressions[0], depth + 1)
            places = node.expressions[1] if len(node.expressions) > 1 else exp.Literal.number(0)
            return inner if inner is not None and inner.name.startswith("TIMESTAMP") else _places(inner, places)
        if name in ("TO_NUMBER", "TO_DECIMAL", "TO_NUMERIC"):
            sizes = [int(n.name) for n in node.expressions[1:] if isinstance(n, exp.Literal) and not n.is_string]
            return _number(sizes[1] if len(sizes) > 1 else 0)
        if name == "TO_DOUBLE":
            return _FLOAT
        if name in _ZONED_CALLS or (name == "CONVERT_TIMEZONE" and len(node.expressions) == 2):
            return SnowflakeType("TIMESTAMP_TZ", scale=9)
        if name in ("DATE_TRUNC", "ADD_MONTHS", "TIME_SLICE"):
            kind = self.of(node.expressions[1 if name == "DATE_TRUNC" else 0], depth + 1)
            return kind if kind is not None and kind.name.startswith("TIMESTAMP") else None
        if name in ("DATEDIFF", "YEAR", "MONTH", "DAY", "ARRAY_SIZE", "REGEXP_COUNT"):
            return _number(0)
        return None

    def _rounded(self, node: Expr, depth: int) -> SnowflakeType | None:
        return _places(self.of(node.this, depth + 1), node.args.get("decimals") or exp.Literal.number(0))

    def _wider(self, nodes: list[Expr], depth: int) -> SnowflakeType | None:
        found = [self.of(n, depth + 1) for n in nodes if not isinstance(n, exp.Null)]
        if any(kind is None for kind in found) or not found:
            return None
        if len({kind.name for kind in found if kind}) == 1 and found[0] and found[0].name != "NUMBER":
            return found[0]
        if any(kind.name not in ("NUMBER", "FLOAT") for kind in found if kind):
            return None
        if any(kind.name == "FLOAT" for kind in found if kind):
            return _FLOAT
        return _number(max(kind.scale or 0 for kind in found if kind))

    @staticmethod
    def _product(left: SnowflakeType | None, right: SnowflakeType | None) -> SnowflakeType | None:
        if left is None or right is None:
            return None
        if "FLOAT" in (left.name, right.name):
            return _FLOAT
        a, b = left.scale or 0, right.scale or 0
        return _number(min(a + b, max(a, b, 12)))

    @staticmethod
    def _quotient(left: SnowflakeType | None, right: SnowflakeType | None) -> SnowflakeType | None:
        if (
            left is None
            or right is None
            or left.name not in ("NUMBER", "FLOAT")
            or right.name not in ("NUMBER", "FLOAT")
        ):
            return None
        return _FLOAT if "FLOAT" in (left.name, right.name) else _number(quotient_scale(left.scale or 0))

    # -- columns

    def _column(self, node: exp.Column, depth: int) -> SnowflakeType | None:
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
                return self.of(item.this, depth + 1)
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
        names = [identifier_text(self._session, n) for n in (alias.args.get("columns") or [])] if alias is not None else []
        if wanted not in names:
            return wanted
        while isinstance(query, (exp.SetOperation, exp.Subquery, exp.Paren)):
            query = query.this
        item = query.expressions[names.index(wanted)] if isinstance(query, exp.Select) and len(query.expressions) >= len(names) else None
        node = item.args.get("alias") if isinstance(item, exp.Alias) else item.this if isinstance(item, exp.Column) else None
        return identifier_text(self._session, node) if isinstance(node, exp.Identifier) else wanted

    def _of_values(self, source: Expr, values: exp.Values, wanted: str, depth: int) -> SnowflakeType | None:
        """A column of VALUES, of its name or COLUMN1, COLUMN2, …: the type of the first row's value."""
        alias = source.args.get("alias") or values.args.get("alias")
        first = values.expressions[0] if values.expressions else None
        items = first.expressions if isinstance(first, exp.Tuple) else [first] if first is not None else []
        given = alias.args.get("columns") if alias is not None else None
        names = [identifier_text(self._session, n) for n in given or []] or [f"COLUMN{i + 1}" for i in range(len(items))]
        kinds = [self.of(item, depth + 1) for item, name in zip(items, names, strict=False) if name == wanted]
        return kinds[0] if kinds and kinds[0] is not None and kinds[0].name == "TIMESTAMP_TZ" else None

    def zoned_columns(self, query: Expr, depth: int = 0) -> list[Expr]:
        """The names of the columns of a query's stars that are TIMESTAMP_TZ."""
        found: list[Expr] = []
        for source in self._sources(query) if isinstance(query, exp.Select) and depth < _DEPTH else []:
            inner = source.this if isinstance(source, exp.Subquery) else None
            if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
                cte = self._cte(source) if not source.args.get("db") else None
                inner = cte.this if cte is not None else None
                if cte is None and self._from_source(source, "", depth) is None:
                    held = self._tables.get(self._resolved(source), {})
                    found += [exp.to_identifier(n, quoted=True) for n, kind in held.items() if kind.name == "TIMESTAMP_TZ"]
            while isinstance(inner, (exp.SetOperation, exp.Subquery, exp.Paren)):
                inner = inner.this
            if isinstance(inner, exp.Select):
                for item in inner.expressions:
                    named = item.args.get("alias") if isinstance(item, exp.Alias) else item.this
                    kind = None if item.is_star else self.of(item.unalias(), depth + 1)
                    if kind is not None and kind.name == "TIMESTAMP_TZ" and isinstance(named, exp.Identifier):
                        found.append(named.copy())
                if any(item.is_star for item in inner.expressions):
                    found += self.zoned_columns(inner, depth + 1)
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
        if depth > _DEPTH:
            return None
        while isinstance(query, (exp.SetOperation, exp.Subquery, exp.Paren)):
            query = query.this
        if not isinstance(query, exp.Select):
            return None
        for item in query.expressions:
            if isinstance(item, exp.Alias):
                if identifier_text(self._session, item.args["alias"]) == wanted:
                    return self.of(item.this, depth + 1)
            elif (
                isinstance(item, exp.Column)
                and isinstance(item.this, exp.Identifier)
                and identifier_text(self._session, item.this) == wanted
            ):
                return self.of(item, depth + 1)
        if any(item.is_star for item in query.expressions):
            for source in self._sources(query):
                if (kind := self._from_source(source, wanted, depth + 1)) is not None:
                    return kind
        return None


def _places(inner: SnowflakeType | None, places: Expr) -> SnowflakeType | None:
    if inner is None or inner.name == "FLOAT" or inner.name != "NUMBER":
        return inner
    plain = isinstance(places, exp.Literal) and not places.is_string
    return (
        _number(min(inner.scale or 0, int(places.name)))
        if plain
        else _number(0 if isinstance(places, exp.Neg) else inner.scale or 0)
    )


_KINDS = {
    "VARCHAR": "text", "TIMESTAMP_NTZ": "ntz", "TIMESTAMP_TZ": "zoned", "TIMESTAMP_LTZ": "tz", "DATE": "date", "FLOAT": "double", "NUMBER": "number",
    "BOOLEAN": "boolean", "VARIANT": "json", "OBJECT": "json", "ARRAY": "json",
}  # fmt: skip


def _in_set_operation(select: exp.Select) -> bool:
    parent = select.parent
    while isinstance(parent, (exp.Subquery, exp.Paren)):
        parent = parent.parent
    return isinstance(parent, exp.SetOperation) and not (isinstance(parent, exp.Union) and not parent.args.get("distinct"))


def mark_types(session: Session, expression: Expr) -> None:
    """Writes to each column what kind of value it holds, and to each division its result's type, where they are known."""
    inference = Inference(session)
    for node in find_all(expression, exp.Div):
        node.meta["quotient"] = inference.of(node)
    for select in find_all(expression, exp.Select):
        if any(item.is_star for item in select.expressions) and (select.args.get("distinct") or _in_set_operation(select)):
            select.meta["zoned"] = inference.zoned_columns(select)
    for node in find_all(expression, exp.Column):
        kind = inference.of(node)
        if kind is not None and kind.name in _KINDS:
            node.meta["kind"] = _KINDS[kind.name]
