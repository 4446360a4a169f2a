"""Reading SQL as text, where a parser would be too much or gives up: statements, lists, quoted parts."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What begins nothing: it neither quotes nor comments, separates nor nests.
_PLAIN = re.compile(r"""[^'"$/\-(),;]+""")


def tokens(text: str) -> Iterator[tuple[str, str]]:
    """The text in pieces: `string`, `dollar` (`$$…$$`), `name` (quoted), `comment`, or `code`; parentheses, commas and
    semicolons are pieces of their own."""
    index = 0
    while index < len(text):
        if plain := _PLAIN.match(text, index):
            yield "code", plain[0]
            index = plain.end()
            continue
        end, kind = index + 1, "code"
        two = text[index : index + 2]
        if two == "$$":
            kind, end = "dollar", _after(text, "$$", index + 2)
        elif two in ("--", "//") and _starts_comment(text, index):
            kind, end = "comment", _line_end(text, index)
        elif two == "/*":
            kind, end = "comment", _after(text, "*/", index + 2)
        elif text[index] == "'":
            kind, end = "string", _quoted_end(text, index, "'", backslash=True)
        elif text[index] == '"':
            kind, end = "name", _quoted_end(text, index, '"', backslash=False)
        yield kind, text[index:end]
        index = end


def _starts_comment(text: str, index: int) -> bool:
    # `file:///x` in PUT is no comment
    return text[index] == "-" or index == 0 or text[index - 1].isspace()


def _after(text: str, closing: str, start: int) -> int:
    found = text.find(closing, start)
    return len(text) if found < 0 else found + len(closing)


def _line_end(text: str, index: int) -> int:
    found = text.find("\n", index)
    return len(text) if found < 0 else found + 1


def _quoted_end(text: str, index: int, quote: str, backslash: bool) -> int:
    index += 1
    while index < len(text):
        if backslash and text[index] == "\\":
            index += 2
        elif text[index] != quote:
            index += 1
        elif text[index : index + 2] == quote * 2:
            index += 2
        else:
            return index + 1
    return len(text)


def split(text: str, separator: str = ";") -> list[str]:
    """The parts between separators outside quotes, comments and parentheses; `$$…$$` becomes a plain string."""
    parts, current, depth = [], [], 0
    for kind, piece in tokens(text):
        if kind == "code" and piece in "()":
            depth += 1 if piece == "(" else -1
        if kind == "code" and piece == separator and depth <= 0:
            parts.append("".join(current))
            current, depth = [], 0
        elif kind == "dollar":
            current.append("'" + piece[2:-2].replace("\\", "\\\\").replace("'", "''") + "'")
        elif kind == "comment":
            current.append("\n" if piece.startswith(("--", "//")) else " ")
        else:
            current.append(piece)
    return [*parts, "".join(current)]


def statements(text: str) -> list[str]:
    """The statements of a text, without comments and empty ones."""
    return [part.strip() for part in split(text) if part.strip()]
