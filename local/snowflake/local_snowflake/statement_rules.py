"""What a parsed statement may hold: clauses that other dialects have and Snowflake does not are refused."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import Expr, exp

from local_snowflake.errors import SnowflakeError, syntax_error
from local_snowflake.trees import find_all, nodes

# Constructs of other dialects for which sqlglot has a node of its own.
_FOREIGN = (
    exp.SimilarTo, exp.Glob, exp.Filter, exp.AtTimeZone, exp.Slice, exp.Unnest, exp.OnConflict, exp.Returning, exp.IntDiv, exp.SessionParameter,
    exp.Introducer, exp.Operator, exp.JSONExtractScalar, exp.JSONBExtract, exp.JSONBExtractScalar,
)  # fmt: skip
_SEMI_STRUCTURED = (
    exp.Array, exp.Struct, exp.ToVariant, exp.StarMap, exp.JSONObject, exp.ToArray, exp.ArrayConcat, exp.Split, exp.ObjectInsert, exp.JSONExtract,
    exp.Subquery, exp.Select, exp.AggFunc, exp.Window,
)  # fmt: skip
_SEMI_STRUCTURED_NAMES = re.compile(
    "ARRAY_(?!SIZE|TO_STRING|CONTAINS|POSITION)|ARRAYS_|OBJECT_|PARSE_(?!IP)|TRY_PARSE|TO_(VARIANT|OBJECT|ARRAY|GEO)|STRTOK_TO_ARRAY|SPLIT$|GET$|GET_PATH"
    "|FILTER|TRANSFORM|REDUCE|STRIP_NULL"
)
_SEMI_TYPES = (exp.DataType.Type.VARIANT, exp.DataType.Type.OBJECT, exp.DataType.Type.ARRAY)
# Properties of tables that other databases have.
_FOREIGN_PROPERTIES = (
    exp.EngineProperty, exp.PartitionedByProperty, exp.DistributedByProperty, exp.SortKeyProperty, exp.DistKeyProperty, exp.InheritsProperty,
    exp.AutoIncrementProperty, exp.CharacterSetProperty,
)  # fmt: skip
_COLUMN_CONSTRAINTS = (
    exp.NotNullColumnConstraint, exp.PrimaryKeyColumnConstraint, exp.UniqueColumnConstraint, exp.DefaultColumnConstraint, exp.CommentColumnConstraint,
    exp.AutoIncrementColumnConstraint, exp.GeneratedAsIdentityColumnConstraint, exp.CollateColumnConstraint, exp.Reference, exp.MaskingPolicyColumnConstraint,
    exp.ProjectionPolicyColumnConstraint, exp.ComputedColumnConstraint,
)  # fmt: skip


def _refuse(what: str) -> SnowflakeError:
    return syntax_error(f"syntax error line 1 at position 0 unexpected '{what}'.")


def _select(node: exp.Select) -> None:
    distinct = node.args.get("distinct")
    if distinct is not None and distinct.args.get("on"):
        raise _refuse("ON")
    for clause in (
        "prewhere",
        "cluster",
        "distribute",
        "sort",
        "settings",
        "format",
        "kind",
        "into",
        "options",
        "for_",
    ):
        if node.args.get(clause):
            raise _refuse(clause.upper().rstrip("_"))


def _limit(node: exp.Limit | exp.Fetch) -> None:
    count = node.args.get("expression") if isinstance(node, exp.Limit) else node.args.get("count")
    options = node.args.get("limit_options")
    if options is not None and (options.args.get("percent") or options.args.get("with_ties")):
        raise _refuse("PERCENT")
    plain = isinstance(count, (exp.Literal, exp.Null, exp.Placeholder, exp.Parameter)) or count is None
    if not plain or isinstance(node, exp.Limit) and node.args.get("expressions"):
        raise _refuse(count.sql("snowflake") if count is not None else "BY")


def _set_operation(node: exp.SetOperation) -> None:
    if isinstance(node, (exp.Except, exp.Intersect)) and node.args.get("distinct") is False:
        raise _refuse("ALL")


def _with(node: exp.With) -> None:
    for cte in node.expressions:
        body = cte.this
        name = cte.alias.upper()
        if isinstance(body, exp.SetOperation) and any(
            t.name.upper() == name and not t.db for t in find_all(body, exp.Table)
        ):
            if not isinstance(body, exp.Union) or body.args.get("distinct"):
                raise SnowflakeError(
                    1102, "42601", "SQL compilation error:\nThe set operator in a recursive CTE has to be UNION ALL."
                )


def _join(node: exp.Join) -> None:
    if node.kind in ("SEMI", "ANTI", "STRAIGHT", "POSITIONAL", "APPLY") or node.side in ("SEMI", "ANTI"):
        raise _refuse(node.kind or node.side)
    if node.method not in ("", "ASOF", "NATURAL"):
        raise _refuse(node.method)


def _insert(node: exp.Insert) -> None:
    for clause in (
        "conflict",
        "returning",
        "alternative",
        "where",
        "ignore",
        "by_name",
        "partition",
        "default",
        "settings",
    ):
        if node.args.get(clause):
            raise _refuse(clause.upper())


def _update(node: exp.Update) -> None:
    for clause in ("returning", "order", "limit"):
        if node.args.get(clause):
            raise _refuse(clause.upper())


def _delete(node: exp.Delete) -> None:
    for clause in ("returning", "order", "limit", "tables"):
        if node.args.get(clause):
            raise _refuse(clause.upper())


def _merge(node: exp.Merge) -> None:
    if node.args.get("returning"):
        raise _refuse("RETURNING")
    for when in node.args["whens"].expressions:
        then = when.args.get("then")
        if when.args.get("source"):
            raise _refuse("BY")
        if isinstance(then, exp.Var) and then.name.upper() != "DELETE" or isinstance(then, exp.Star):
            raise _refuse(then.sql("snowflake"))
        if when.args.get("matched") and isinstance(then, exp.Insert):
            raise _refuse("INSERT")
        if not when.args.get("matched") and not isinstance(then, exp.Insert):
            raise _refuse(then.sql("snowflake"))


def _truncate(node: exp.TruncateTable) -> None:
    for clause in ("cascade", "restrict", "option", "only", "cluster", "identity", "partition", "is_database"):
        if node.args.get(clause):
            raise _refuse(clause.upper())
    if len(node.expressions) != 1:
        raise _refuse(",")


def _create(node: exp.Create) -> None:
    if node.args.get("replace") and node.args.get("exists"):
        raise syntax_error("options IF NOT EXISTS and OR REPLACE are incompatible.")
    for clause in ("unique", "unlogged", "no_schema_binding", "concurrently", "clustered", "refresh"):
        if node.args.get(clause):
            raise _refuse(clause.upper())
    properties = node.args.get("properties")
    kinds = {type(one) for one in properties.expressions} if properties is not None else set()
    if {exp.TemporaryProperty, exp.TransientProperty} <= kinds:
        raise _refuse("TRANSIENT")
    for one in properties.expressions if properties is not None else []:
        _check_property(str(node.args.get("kind")).upper(), one)
        foreign = isinstance(one, exp.FileFormatProperty) and str(node.args.get("kind")).upper() in ("TABLE", "VIEW")
        if foreign or isinstance(one, _FOREIGN_PROPERTIES):
            raise _refuse(one.sql("snowflake")[:60])
        if isinstance(one, exp.Property) and isinstance(one.args.get("value"), exp.Neg):
            raise SnowflakeError(
                1008,
                "22023",
                f"SQL compilation error:\ninvalid value [{one.args['value'].sql()}] for parameter '{one.name}'",
            )
    if str(node.args.get("kind")).upper() == "DATABASE" and isinstance(node.this, exp.Table) and node.this.db:
        raise _refuse(".")


def _select_items(node: exp.Select) -> None:
    for item in node.expressions:
        if isinstance(item.unalias(), exp.Tuple):
            raise _refuse(",")


def _window(node: exp.Window) -> None:
    """Functions that go by an order need one; LISTAGG takes none in its OVER."""
    function = node.this
    while isinstance(function, (exp.IgnoreNulls, exp.RespectNulls)):
        function = function.this
    name = (
        function.name.upper()
        if isinstance(function, exp.Anonymous)
        else function.sql_name()
        if isinstance(function, exp.Func)
        else ""
    )
    if name in _ORDERED and not node.args.get("order") and not node.args.get("alias"):
        raise SnowflakeError(
            2303,
            "42601",
            f"SQL compilation error:\nWindow function type [{name}] requires ORDER BY in window specification",
        )
    spec = node.args.get("spec")
    if spec is not None and spec.args.get("exclude"):
        raise _refuse("EXCLUDE")
    if isinstance(function, exp.GroupConcat) and node.args.get("order"):
        raise _refuse("ORDER")


def _lock(node: exp.Lock) -> None:
    if node.args.get("wait") is False or node.args.get("expressions"):
        raise _refuse("SKIP")


_TABLE_PARAMETERS = {
    "DATA_RETENTION_TIME_IN_DAYS", "MAX_DATA_EXTENSION_TIME_IN_DAYS", "CHANGE_TRACKING", "DEFAULT_DDL_COLLATION", "ENABLE_SCHEMA_EVOLUTION", "COPY_OPTIONS",
    "STAGE_FILE_FORMAT", "STAGE_COPY_OPTIONS", "COMMENT", "ROW_TIMESTAMP", "ERROR_LOGGING", "CONTACT", "TAG", "STORAGE_SERIALIZATION_POLICY",
}  # fmt: skip
_STAGE_PARAMETERS = {
    "URL", "STORAGE_INTEGRATION", "CREDENTIALS", "ENCRYPTION", "DIRECTORY", "FILE_FORMAT", "COPY_OPTIONS", "COMMENT", "TAG", "USE_PRIVATELINK_ENDPOINT",
    "ENDPOINT", "AWS_ACCESS_POINT_ARN",
}  # fmt: skip


def _check_property(kind: str, node: Expr) -> None:
    """Tables and stages have the properties of their pages."""
    known = {"TABLE": _TABLE_PARAMETERS, "STAGE": _STAGE_PARAMETERS}.get(kind)
    if known is not None and type(node) is exp.Property and node.name.upper() not in known:
        raise SnowflakeError(1420, "42601", f"SQL compilation error:\ninvalid property '{node.name}' for '{kind}'")
    if isinstance(node, exp.UnloggedProperty):
        raise _refuse("UNLOGGED")


def _data_type(node: exp.DataType) -> None:
    for size in node.expressions:
        if isinstance(size, exp.DataTypeParam) and not size.name.lstrip("-").isdigit():
            raise _refuse(size.sql("snowflake"))


def _array_agg(node: exp.ArrayAgg) -> None:
    if isinstance(node.this, exp.Order):
        raise _refuse("ORDER")


def _sample(node: exp.TableSample) -> None:
    method = node.args.get("method")
    if method is not None and method.name.upper() not in ("BERNOULLI", "ROW", "SYSTEM", "BLOCK"):
        raise _refuse(method.name)


def _sequence(node: exp.SequenceProperties) -> None:
    for clause in ("minvalue", "maxvalue", "cache", "owned"):
        if node.args.get(clause) is not None:
            raise _refuse(clause.upper())
    for option in node.args.get("options") or []:
        if option.name.upper() not in ("ORDER", "NOORDER"):
            raise _refuse(option.name.upper())


def _hex(node: exp.HexString) -> None:
    if len(node.name) % 2:
        raise SnowflakeError(100115, "22000", f"The following string is not a legal hex-encoded value: '{node.name}'")


def _ending(node: exp.Rollback | exp.Transaction) -> None:
    if node.args.get("savepoint") or node.args.get("modes"):
        raise _refuse("SAVEPOINT" if node.args.get("savepoint") else "ISOLATION")


def _alter_column(node: exp.AlterColumn) -> None:
    if node.args.get("using"):
        raise _refuse("USING")


def _set_item(node: exp.SetItem) -> None:
    value = node.this.args.get("expression") if isinstance(node.this, exp.EQ) else None
    if isinstance(value, exp.Alias):
        raise _refuse(value.alias)


def _column(node: exp.ColumnDef) -> None:
    if not isinstance(node.this, (exp.Identifier, exp.Column)):
        raise _refuse(node.this.sql("snowflake"))
    if node.args.get("position") is not None:
        raise _refuse(node.args["position"].sql("snowflake"))
    for constraint in node.args.get("constraints") or []:
        kind = constraint.kind if isinstance(constraint, exp.ColumnConstraint) else constraint
        if not isinstance(kind, _COLUMN_CONSTRAINTS):
            raise _refuse(kind.sql("snowflake") if kind is not None else "CONSTRAINT")


def _values(node: exp.Values) -> None:
    for row in node.expressions:
        for found in find_all(row, exp.Expr):
            named = isinstance(found, exp.Anonymous) and _SEMI_STRUCTURED_NAMES.match(found.name.upper()) is not None
            cast = isinstance(found, exp.Cast) and found.to.this in _SEMI_TYPES
            if isinstance(found, _SEMI_STRUCTURED) or named or cast:
                raise SnowflakeError(
                    2014,
                    "22000",
                    f"SQL compilation error:\nInvalid expression [{found.sql('snowflake')}] in VALUES clause",
                )


# TRY_CAST takes texts to VARCHAR, NUMBER, DOUBLE, BOOLEAN, DATE, TIME and TIMESTAMP; others have functions of their own.
_NOT_TRIED = (exp.DataType.Type.BINARY, exp.DataType.Type.VARBINARY, exp.DataType.Type.DECFLOAT)


def _cast(node: exp.Cast) -> None:
    for clause in ("format", "default", "action"):
        if node.args.get(clause):
            raise _refuse(clause.upper())
    operand = node.this.unnest()
    if isinstance(node, exp.TryCast) and node.to.this in (*_SEMI_TYPES, *_NOT_TRIED):
        raise SnowflakeError(
            1065, "22023",
            f"SQL compilation error:\nFunction TRY_CAST cannot be used with arguments of types VARCHAR and {node.to.sql('snowflake')}",
        )  # fmt: skip
    plain = isinstance(operand, (exp.Literal, exp.Boolean)) and not operand.args.get("is_string")
    cast = isinstance(operand, exp.Cast) and operand.to.this not in (*exp.DataType.TEXT_TYPES, *_SEMI_TYPES)
    if isinstance(node, exp.TryCast) and (plain or cast):
        raise SnowflakeError(
            1065, "22023",
            f"SQL compilation error:\nFunction TRY_CAST cannot be used with arguments of types NUMBER and {node.to.sql('snowflake')}",
        )  # fmt: skip


_ORDERED = {
    "ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD", "FIRST_VALUE", "LAST_VALUE", "NTH_VALUE", "CONDITIONAL_CHANGE_EVENT",
    "CONDITIONAL_TRUE_EVENT",
}  # fmt: skip
_RULES: list[tuple[type[Expr], Callable[..., None]]] = [
    (exp.Select, _select), (exp.Limit, _limit), (exp.Fetch, _limit), (exp.SetOperation, _set_operation), (exp.With, _with), (exp.Join, _join),
    (exp.Insert, _insert), (exp.Update, _update), (exp.Delete, _delete), (exp.Merge, _merge), (exp.TruncateTable, _truncate), (exp.Create, _create),
    (exp.ColumnDef, _column), (exp.AlterColumn, _alter_column), (exp.SetItem, _set_item), (exp.Values, _values), (exp.Cast, _cast),
    (exp.Select, _select_items), (exp.Window, _window), (exp.ArrayAgg, _array_agg), (exp.TableSample, _sample), (exp.SequenceProperties, _sequence),
    (exp.HexString, _hex), (exp.Rollback, _ending), (exp.Lock, _lock), (exp.DataType, _data_type), (exp.Transaction, _ending),
]  # fmt: skip


def check_statement(expression: Expr) -> None:
    """Raises where the statement has a clause or a construct that Snowflake does not have."""
    for node in nodes(expression):
        if isinstance(node, _FOREIGN):
            raise _refuse(node.sql("snowflake")[:60])
        for kind, rule in _RULES:
            if isinstance(node, kind):
                rule(node)
