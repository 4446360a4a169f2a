"""Looking through a statement's tree: what sqlglot's own walks give, in a list and several times faster."""

from __future__ import annotations

from typing import TypeVar

from sqlglot import Expr

Node = TypeVar("Node", bound=Expr)


def nodes(tree: Expr) -> list[Expr]:
    """The tree's nodes, level by level."""
    found = [tree]
    for node in found:  # grows meanwhile
        for value in node.args.values():
            if isinstance(value, Expr):
                found.append(value)
            elif type(value) is list:
                found += [item for item in value if isinstance(item, Expr)]
    return found


def nodes_in_order(tree: Expr) -> list[Expr]:
    """The tree's nodes, each before those in it, and those before what follows it."""
    found, waiting = [], [tree]
    while waiting:
        node = waiting.pop()
        found.append(node)
        inner: list[Expr] = []
        for value in node.args.values():
            if isinstance(value, Expr):
                inner.append(value)
            elif type(value) is list:
                inner += [item for item in value if isinstance(item, Expr)]
        inner.reverse()
        waiting += inner
    return found


def find_all(tree: Expr, *kinds: type[Node]) -> list[Node]:
    """The nodes of these kinds, level by level. What is put into the tree afterwards is not among them."""
    return [node for node in nodes(tree) if isinstance(node, kinds)]


def find_in_order(tree: Expr, *kinds: type[Node]) -> list[Node]:
    """The nodes of these kinds in the order of the text, outer ones before those in them."""
    return [node for node in nodes_in_order(tree) if isinstance(node, kinds)]
