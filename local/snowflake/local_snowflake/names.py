"""Which object a name in a statement means, and how DuckDB is told."""

from __future__ import annotations

from sqlglot import Expr, exp

from local_snowflake.errors import syntax_error
from local_snowflake.identifiers import ObjectName, physical
from local_snowflake.sessions import Session


def identifier_text(session: Session, node: Expr) -> str:
    """The name as Snowflake keeps it: upper case unless quoted."""
    name = node.name
    if isinstance(node, exp.Identifier) and node.quoted and not session.parameters["QUOTED_IDENTIFIERS_IGNORE_CASE"]:
        return name
    return name.upper()


def written_name(item: Expr) -> Expr | None:
    """What names a column of a query in the statement itself: its alias, or the column that it is; nothing for other expressions."""
    if isinstance(item, exp.Alias):
        return item.args.get("alias")
    return item.this if isinstance(item, exp.Column) else None


def name_parts(session: Session, table: Expr) -> list[str]:
    """The one to three names of a table, stage or schema in a statement."""
    node = table.this if isinstance(table, exp.Schema) else table
    if not isinstance(node, exp.Table):
        raise syntax_error(f"unexpected '{table.sql('snowflake')}' where a name belongs")
    parts = []
    for part in node.parts:
        if isinstance(part, exp.Dot):
            parts.extend(identifier_text(session, p) for p in part.flatten())
        else:
            parts.append(identifier_text(session, part))
    return parts


def object_name(session: Session, table: Expr) -> ObjectName:
    return session.resolve(name_parts(session, table))


def split_name(session: Session, text: str) -> list[str]:
    """The parts of a name written out, such as `"a.b".C`, upper-cased where not quoted."""
    ignore_case = session.parameters["QUOTED_IDENTIFIERS_IGNORE_CASE"]
    parts, index = [], 0
    while index < len(text):
        if text[index] == '"':
            end = index + 1
            while end < len(text) and (text[end] != '"' or text[end : end + 2] == '""'):
                end += 2 if text[end] == '"' else 1
            name = text[index + 1 : end].replace('""', '"')
            parts.append(name.upper() if ignore_case else name)
            index = end + 1
        else:
            end = text.find(".", index)
            end = len(text) if end < 0 else end
            parts.append(text[index:end].upper())
            index = end
        index += 1
    return parts


def identifier(name: str) -> exp.Identifier:
    """A name in DuckDB's dialect."""
    return exp.to_identifier(physical(name), quoted=True)


def visible_ctes(table: exp.Table) -> set[str]:
    """Names of the common table expressions that `table` may mean."""
    found: set[str] = set()
    node: Expr | None = table
    inside: Expr | None = None
    while node is not None:
        if isinstance(node, exp.CTE):
            inside = node
        elif isinstance(node, exp.With):
            for cte in node.expressions:
                if cte is inside:
                    if node.recursive:
                        found.add(_cte_name(cte))
                    break
                found.add(_cte_name(cte))
        elif (with_ := node.args.get("with_")) is not None and inside is None:
            found.update(_cte_name(cte) for cte in with_.expressions)
        else:
            pass
        if isinstance(node, exp.With):
            inside = node  # the WITH's owner must not add all of its expressions again
        elif inside is not None and not isinstance(node, exp.CTE):
            inside = None
        node = node.parent
    return found


def _cte_name(cte: Expr) -> str:
    alias = cte.args["alias"].this
    return alias.name if alias.args.get("quoted") else alias.name.upper()
