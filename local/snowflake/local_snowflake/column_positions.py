"""`$1`, `$2`, … of the rows of VALUES, of a table or of a query: its columns by their position."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.errors import SnowflakeError
from local_snowflake.names import identifier_text, name_parts
from local_snowflake.sessions import Session
from local_snowflake.trees import find_all


def replace_positions(session: Session, expression: Expr) -> None:
    """Puts names in the place of positions; those of staged files have been replaced before."""
    for node in find_all(expression, exp.Parameter):
        select = node.find_ancestor(exp.Select)
        start = select.args.get("from_") if select is not None else None
        if not node.name.isdigit() or start is None:
            continue
        names = _columns(session, start.this)
        position = int(node.name)
        if not 1 <= position <= len(names):
            raise SnowflakeError(
                904, "42000", f"SQL compilation error: error line 1 at position 0\ninvalid identifier '${position}'"
            )
        name = exp.to_identifier(names[position - 1], quoted=True)
        node.replace(name if isinstance(node.parent, exp.Column) else exp.Column(this=name))


def _columns(session: Session, source: Expr) -> list[str]:
    alias = source.args.get("alias")
    if alias is not None and alias.args.get("columns"):
        return [identifier_text(session, name) for name in alias.args["columns"]]
    if isinstance(source, exp.Values) and source.expressions:
        first = source.expressions[0]
        return [f"COLUMN{i + 1}" for i in range(len(first.expressions) if isinstance(first, exp.Tuple) else 1)]
    if isinstance(source, exp.Subquery):
        return _columns(session, source.this)
    if isinstance(source, exp.Select):
        items = [item.args.get("alias") if isinstance(item, exp.Alias) else item.this for item in source.expressions]
        return [identifier_text(session, item) if isinstance(item, exp.Identifier) else "" for item in items]
    if isinstance(source, exp.Table) and isinstance(source.this, exp.Identifier):
        relation = catalog.find(session, session.resolve(name_parts(session, source)))
        return [column.name for column in catalog.columns(session, relation)] if relation else []
    return []
