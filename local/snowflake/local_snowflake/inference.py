"""The types of expressions, as far as their literals, casts and columns tell.

Division needs its operands' scales, and what is known to be a text or a date needs no macro that looks at its type.
"""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.query_columns import MAX_DEPTH, QueryColumns
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
_FLOAT = SnowflakeType("FLOAT")
_ZONED_CALLS = {"TO_TIMESTAMP_TZ", "TRY_TO_TIMESTAMP_TZ", "TIMESTAMP_TZ_FROM_PARTS", "TIMESTAMPTZFROMPARTS"}


def _number(scale: int) -> SnowflakeType:
    return SnowflakeType("NUMBER", 38, min(scale, 37))


def quotient_scale(scale: int) -> int:
    """Six digits more than the dividend, up to twelve, and never fewer than the dividend has."""
    return max(scale, min(scale + 6, 12))


class Inference:
    """Finds types within one statement; None where they are not to be known."""

    def __init__(self, session: Session) -> None:
        self.columns = QueryColumns(session, self.of)

    def of(self, node: Expr, depth: int = 0) -> SnowflakeType | None:
        if depth > MAX_DEPTH:
            return None
        match node:
            case exp.Literal() if not node.is_string:
                _, _, fraction = node.name.partition(".")
                return _FLOAT if "e" in node.name.lower() else _number(len(fraction))
            case exp.Cast():
                return from_expression(node.to)
            case exp.Column():
                return self.columns.of(node, depth)
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
    return isinstance(parent, exp.SetOperation) and not (
        isinstance(parent, exp.Union) and not parent.args.get("distinct")
    )


def mark_types(session: Session, expression: Expr) -> None:
    """Writes to each column what kind of value it holds, and to each division its result's type, where they are known."""
    inference = Inference(session)
    for node in find_all(expression, exp.Div):
        node.meta["quotient"] = inference.of(node)
    for select in find_all(expression, exp.Select):
        if any(item.is_star for item in select.expressions) and (
            select.args.get("distinct") or _in_set_operation(select)
        ):
            select.meta["zoned"] = inference.columns.zoned(select)
    for node in find_all(expression, exp.Column):
        kind = inference.of(node)
        if kind is not None and kind.name in _KINDS:
            node.meta["kind"] = _KINDS[kind.name]
