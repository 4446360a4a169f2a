"""Reading a statement as strictly as Snowflake does.

sqlglot knows Snowflake's grammar, but it takes other dialects' functions, operators and types too. So its parser is watched
while it reads, and what it made is checked: an allow-list of functions with their numbers of arguments, of types and of
operators, and the reserved words.
"""

from __future__ import annotations

from typing import Any

from sqlglot import Expr, exp
from sqlglot.dialects.snowflake import Snowflake
from sqlglot.parsers.snowflake import SnowflakeParser
from sqlglot.tokens import Token, TokenType

from local_snowflake import functions_of_snowflake  # noqa: F401 - it fills the library
from local_snowflake.copy_rules import check_transformation
from local_snowflake.data_type_rules import TEXT, check_types
from local_snowflake.errors import syntax_error
from local_snowflake.known_functions import check_call
from local_snowflake.library import LIBRARY
from local_snowflake.reserved_words import check_names
from local_snowflake.statement_rules import check_statement
from local_snowflake.trees import find_all

_FOREIGN = {
    TokenType.AMP, TokenType.PIPE, TokenType.CARET, TokenType.TILDE, TokenType.LT_AT, TokenType.AT_GT, TokenType.DARROW, TokenType.HASH_ARROW,
    TokenType.DHASH_ARROW, TokenType.NULLSAFE_EQ, TokenType.DAMP, TokenType.XOR, TokenType.DIV, TokenType.SIMILAR_TO, TokenType.GLOB,
    TokenType.OVERLAPS, TokenType.RETURNING, TokenType.NATIONAL_STRING, TokenType.BIT_STRING, TokenType.BYTE_STRING, TokenType.UNICODE_STRING,
    TokenType.RAW_STRING, TokenType.ISNULL, TokenType.NOTNULL, TokenType.IRLIKE, TokenType.COLON_EQ,
}  # fmt: skip
_OPENING = {TokenType.L_PAREN, TokenType.L_BRACKET, TokenType.L_BRACE}
_CLOSING = {TokenType.R_PAREN, TokenType.R_BRACKET, TokenType.R_BRACE}


class _WatchedParser(SnowflakeParser):
    """Remembers each call as it was written, and each type's name."""

    FUNCTIONS = {name: build for name, build in SnowflakeParser.FUNCTIONS.items() if name not in LIBRARY}
    FUNCTION_PARSERS = {name: build for name, build in SnowflakeParser.FUNCTION_PARSERS.items() if name not in LIBRARY}

    def reset(self) -> None:
        super().reset()
        self.calls: dict[int, tuple[str, int]] = {}

    def _parse_function_call(self, *args: Any, **kwargs: Any) -> Expr | None:
        start = self._index
        made = super()._parse_function_call(*args, **kwargs)
        if (
            made is not None
            and start + 1 < len(self._tokens)
            and self._tokens[start + 1].token_type == TokenType.L_PAREN
        ):
            self.calls[start] = (self._tokens[start].text, _count_arguments(self._tokens, start + 1))
        return made

    def _parse_types(self, *args: Any, **kwargs: Any) -> Expr | None:
        start = self._index
        made = super()._parse_types(*args, **kwargs)
        if isinstance(made, exp.DataType) and start < len(self._tokens):
            made.meta.setdefault(TEXT, self._tokens[start].text.upper())
        return made


class _Tokenizer(Snowflake.Tokenizer):
    """A bind before a cast is two things: `?` and `::`."""

    KEYWORDS = {text: kind for text, kind in Snowflake.Tokenizer.KEYWORDS.items() if text != "?::"}


class StrictSnowflake(Snowflake):
    """Snowflake's dialect with the watched parser."""

    Tokenizer = _Tokenizer
    Parser = _WatchedParser


_DIALECT = StrictSnowflake()


def _count_arguments(tokens: list[Token], opening: int) -> int:
    """How many arguments stand between the parenthesis at `opening` and its partner."""
    depth, commas, empty = 0, 0, True
    for token in tokens[opening:]:
        if token.token_type in _OPENING:
            depth += 1
        elif token.token_type in _CLOSING:
            depth -= 1
            if depth == 0:
                break
        elif token.token_type == TokenType.COMMA and depth == 1:
            commas += 1
        empty = empty and token.token_type == TokenType.L_PAREN and depth == 1
    return 0 if empty else commas + 1


def _unexpected(token: Token) -> Exception:
    return syntax_error(
        f"syntax error line {token.line} at position {max(0, token.col - 1)} unexpected '{token.text}'."
    )


def _check_tokens(tokens: list[Token]) -> None:
    previous: Token | None = None
    for index, token in enumerate(tokens):
        kind = token.token_type
        after = tokens[index + 1] if index + 1 < len(tokens) else None
        of_user = kind == TokenType.TILDE and previous is not None and previous.token_type == TokenType.PARAMETER  # @~
        called = after is not None and after.token_type == TokenType.L_PAREN and token.text.isidentifier()
        if kind in _FOREIGN and not of_user and not called:
            raise _unexpected(token)
        if kind == TokenType.EQ and token.text == "==":
            raise _unexpected(token)
        if kind in (TokenType.LT, TokenType.GT) and after and after.token_type == kind and after.start == token.end + 1:
            raise _unexpected(after)
        if kind == TokenType.STAR and after and after.token_type == kind and after.start == token.end + 1:
            raise _unexpected(after)
        if kind == TokenType.FROM and (previous is None or previous.token_type in (TokenType.L_PAREN, TokenType.ALIAS)):
            raise _unexpected(token)
        if kind == TokenType.USING and after and after.token_type == TokenType.TABLE_SAMPLE:
            raise _unexpected(after)
        if (
            token.text.upper() in ("ARRAY", "MAP")
            and after
            and after.token_type in (TokenType.L_BRACKET, TokenType.L_BRACE)
        ):
            raise _unexpected(after)
        if kind == TokenType.INTERVAL and after and after.token_type == TokenType.NUMBER:
            raise _unexpected(after)
        if previous is not None and _never_after(
            previous, token, after, creates=tokens[0].token_type == TokenType.CREATE
        ):
            raise _unexpected(token)
        previous = token
    _check_head(tokens)


def _never_after(previous: Token, token: Token, after: Token | None, creates: bool) -> bool:
    """Whether Snowflake's grammar never has `token` after `previous`, though the parser takes it."""
    match previous.token_type:
        case TokenType.COMMA:
            return token.token_type == TokenType.R_PAREN
        case TokenType.STAR:
            return token.token_type == TokenType.EXCEPT and after is not None and after.token_type == TokenType.L_PAREN
        case TokenType.IN:
            return token.token_type == TokenType.L_PAREN and after is not None and after.token_type == TokenType.R_PAREN
        case TokenType.ALIAS:
            return not creates and token.token_type in (TokenType.NUMBER, TokenType.STRING)
    return False


# What the first word of a statement is followed by.
_FOLLOWERS = {"INSERT": ("INTO", "OVERWRITE", "ALL", "FIRST"), "MERGE": ("INTO",)}
_ENDINGS = {"COMMIT": ("WORK",), "ROLLBACK": ("WORK",)}


def _check_head(tokens: list[Token]) -> None:
    first, words = tokens[0].text.upper(), [token.text.upper() for token in tokens[1:3]]
    if first in _FOLLOWERS and (not words or words[0] not in _FOLLOWERS[first]):
        raise _unexpected(tokens[1])
    if first in _ENDINGS and words and words[0] not in (*_ENDINGS[first], ";"):
        raise _unexpected(tokens[1])
    if first == "INSERT" and any(token.token_type == TokenType.SET for token in tokens[2:5]):
        raise _unexpected(next(token for token in tokens[2:] if token.token_type == TokenType.SET))
    if first == "SET" and len(words) == 2 and words[0] != "(" and words[1] != "=":
        raise _unexpected(tokens[2])
    depth = 0
    for token in tokens if first == "DROP" else []:
        depth += (token.token_type == TokenType.L_PAREN) - (token.token_type == TokenType.R_PAREN)
        if token.token_type == TokenType.COMMA and depth == 0:
            raise _unexpected(token)


def _order_by_all(expression: Expr) -> None:
    """ORDER BY ALL is no column of that name."""
    for order in find_all(expression, exp.Order):
        ordered = order.expressions[0] if len(order.expressions) == 1 else None
        column = ordered.this if isinstance(ordered, exp.Ordered) else None
        if (
            isinstance(column, exp.Column)
            and not column.args.get("table")
            and not column.this.args.get("quoted")
            and column.name.upper() == "ALL"
        ):
            ordered.set("this", exp.Var(this="ALL"))


def parse(text: str) -> Expr:
    """The statement's tree. Raises as Snowflake refuses it; a form that the parser does not know is an `exp.Command`."""
    tokens = _DIALECT.tokenize(text)
    parser = _DIALECT.parser()
    made = parser.parse(tokens, text)
    if len(made) != 1 or made[0] is None:
        raise syntax_error("syntax error: a single statement is expected")
    expression = made[0]
    if isinstance(expression, exp.Command):
        return expression
    _check_tokens(tokens)
    _order_by_all(expression)
    for name, arguments in parser.calls.values():
        check_call(name, arguments)
    if sum(token.token_type == TokenType.ARROW for token in tokens) > len(find_all(expression, exp.Lambda)):
        raise syntax_error("syntax error line 1 at position 0 unexpected '->'.")
    check_types(expression)
    check_names(expression)
    check_statement(expression)
    if isinstance(expression, exp.Copy) and isinstance(source := expression.args["files"][0], exp.Subquery):
        check_transformation(source.this, list(parser.calls.values()))
    return expression
