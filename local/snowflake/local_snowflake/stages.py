"""Stages: named, temporary, of a user (`@~`) and of a table (`@%table`); PUT, LIST, REMOVE and their DDL."""

from __future__ import annotations

import datetime
import hashlib
import re
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote as url_quote

from sqlglot import Expr, exp

from local_snowflake import catalog
from local_snowflake.copy_rules import check_file_format
from local_snowflake.errors import SnowflakeError, already_exists, not_found, syntax_error
from local_snowflake.identifiers import ObjectName
from local_snowflake.names import object_name, split_name
from local_snowflake.options import properties
from local_snowflake.results import Result, ResultColumn, status, text_result
from local_snowflake.securables import Key
from local_snowflake.sessions import Session
from local_snowflake.store import Stage
from local_snowflake.types import SnowflakeType, varchar

_REFERENCE = re.compile(r'@((?:"(?:[^"]|"")*"|[^/"\s])+)(/.*)?$', re.S)


@dataclass(frozen=True)
class StagedFile:
    """A file in a stage: its path below the stage, and where it lies."""

    path: str
    file: Path
    shown: str
    compression: str | None


@dataclass(frozen=True)
class StageReference:
    """`@stage/path`, resolved."""

    stage: Stage
    path: str


def resolve(session: Session, reference: str, privilege: str = "READ") -> StageReference:
    """The stage, for a session whose role may READ or WRITE it. A table's stage is its owner's."""
    match = _REFERENCE.match(reference)
    if not match:
        raise syntax_error(f"unexpected '{reference}' where a stage belongs")
    place, path = match[1], (match[2] or "").lstrip("/")
    if place == "~":
        return StageReference(Stage(f"user-{session.user.lower()}", None), path)
    parts = split_name(session, place)
    if parts[-1].startswith("%"):
        name = session.resolve([*parts[:-1], split_name(session, place.split(".")[-1][1:])[0]])
        session.access.require("OWNERSHIP", "TABLE", name)
        relation = catalog.get(session, name, "Table")
        key = hashlib.sha256(f"{relation.name}{relation.created}".encode()).hexdigest()[:32]
        return StageReference(Stage(f"table-{key}", None), path)
    name = session.resolve(parts)
    session.access.require(privilege, "STAGE", name)
    stage = session.find_stage(name)
    if stage is None:
        raise not_found("Stage", str(name))
    return StageReference(stage, path)


def files(
    session: Session, reference: StageReference, pattern: str | None = None, names: list[str] | None = None
) -> list[StagedFile]:
    """Staged files whose path starts with the reference's, or exactly the named ones below it.

    Raises when a named file is missing.
    """
    root = session.store.stages_folder / reference.stage.id
    if names is not None:
        wanted = [f"{reference.path.rstrip('/')}/{name}".lstrip("/") for name in names]
        found = [_inside(root, path) for path in wanted]
        for path, file in zip(wanted, found, strict=True):
            if not file.is_file():
                raise SnowflakeError(
                    91016,
                    "22000",
                    f"Remote file '{path}' was not found. If you are running a copy command, please make sure files are not deleted when they are being loaded.",
                )
        pairs = list(zip(wanted, found, strict=True))
    else:
        pairs = [(file.relative_to(root).as_posix(), file) for file in root.rglob("*") if file.is_file()]
        pairs = sorted(pair for pair in pairs if pair[0].startswith(reference.path))
    if pattern is not None:
        pairs = [pair for pair in pairs if re.fullmatch(pattern, pair[0])]
    return [StagedFile(path, file, reference.stage.prefix + path, _compression(file)) for path, file in pairs]


_MAGIC_NUMBERS = {b"\x1f\x8b": "gzip", b"\x28\xb5\x2f\xfd": "zstd"}


def _compression(file: Path) -> str | None:
    """How a file is compressed, as COMPRESSION = AUTO finds it."""
    with file.open("rb") as opened:
        head = opened.read(4)
    return next((name for magic, name in _MAGIC_NUMBERS.items() if head.startswith(magic)), None)


def _inside(root: Path, path: str) -> Path:
    file = (root / path).resolve()
    if not file.is_relative_to(root.resolve()):
        raise SnowflakeError(253003, "22000", f"'{path}' leaves its stage")
    return file


def reference_text(node: Expr) -> str:
    text = node.name
    return text[1:-1] if text.startswith("'") and text.endswith("'") else text


# -- statements


def put(session: Session, expression: exp.Put, base_url: str) -> Result:
    """Tells the client where to upload: an address of this server, in the form of Google's cloud storage.

    Drivers take a token for the whole folder there, or, of older servers, an address that is signed for one file, which
    they ask for with a second PUT. The Python connector insists on HTTPS with a token, so it gets the address.
    """
    source = expression.this.name
    reference = resolve(session, reference_text(expression.args["target"]), "WRITE")
    options = properties((expression.args.get("properties") or exp.Properties(expressions=[])).expressions)
    path = re.sub(r"^file://", "", source, flags=re.I)
    folder = f"{reference.path.rstrip('/')}/" if reference.path else ""
    name = path.replace("\\", "/").rsplit("/", 1)[-1]
    location = f"stages/{reference.stage.id}/{folder}"
    by_token = session.client == "JavaScript"
    result = Result([], "OTHER")
    data = {
        "command": "UPLOAD",
        "src_locations": [path],
        "parallel": int(options.get("PARALLEL") or 4),
        "autoCompress": bool(options.get("AUTO_COMPRESS", True)),
        "sourceCompression": str(options.get("SOURCE_COMPRESSION", "AUTO_DETECT")).lower(),
        "overwrite": True,  # otherwise drivers ask first whether the file exists, which this server does not answer
        "clientShowEncryptionParameter": True,
        "encryptionMaterial": session.store.stage_keys.material(result.query_id),
        "stageInfo": {
            "locationType": "GCS",
            "location": location,
            "path": location,
            "region": "local",
            **(
                {"creds": {"GCS_ACCESS_TOKEN": reference.stage.id}, "endPoint": base_url}
                if by_token
                else {"creds": {}, "presignedUrl": f"{base_url}/{url_quote(location + name)}"}
            ),
        },
    }
    result.extra = data
    return result


def list_files(session: Session, reference: str, pattern: str | None) -> Result:
    rows = []
    for staged in files(session, resolve(session, reference), pattern):
        stat = staged.file.stat()
        digest = hashlib.md5(staged.file.read_bytes(), usedforsecurity=False).hexdigest()
        modified = datetime.datetime.fromtimestamp(stat.st_mtime, datetime.UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        rows.append([staged.shown, stat.st_size, digest, modified])
    columns = [
        ResultColumn("name", varchar()),
        ResultColumn("size", SnowflakeType("NUMBER", 38, 0)),
        ResultColumn("md5", varchar()),
        ResultColumn("last_modified", varchar()),
    ]
    return Result(columns, "SHOW", rows=rows)


def remove_files(session: Session, reference: str, pattern: str | None) -> Result:
    rows = []
    for staged in files(session, resolve(session, reference, "WRITE"), pattern):
        staged.file.unlink(missing_ok=True)
        rows.append([staged.shown, "removed"])
    return text_result(["name", "result"], rows)


def create_stage(session: Session, expression: exp.Create) -> Result:
    name = object_name(session, expression.this)
    nodes = (expression.args.get("properties") or exp.Properties(expressions=[])).expressions
    options = properties(nodes)
    if options.get("URL"):
        raise SnowflakeError(
            2, "0A000", "Unsupported feature 'external stage' (the local Snowflake keeps files itself)."
        )
    temporary = any(isinstance(node, exp.TemporaryProperty) for node in nodes)
    # temporary ones too: only temporary tables need no privilege
    session.access.require_create("STAGE", name.database, name.schema)
    existing = session.find_stage(name)
    if existing and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing and not expression.args.get("replace"):
        raise already_exists(name.name)
    if existing:
        session.access.require("OWNERSHIP", "STAGE", name)
        _drop(session, name)
    file_format = options.get("FILE_FORMAT") or {}
    if isinstance(file_format, dict):
        check_file_format(file_format)
    if temporary:
        session.temporary_stages[name] = Stage(
            f"temporary-{uuid.uuid4().hex}", name, file_format, f"{name.name.lower()}/"
        )
    else:
        session.store.create_stage(name, file_format)
        session.account.securables.create("STAGE", _key("STAGE", name), session.role)
    return status(f"Stage area {name.name} successfully created.")


def _drop(session: Session, name: ObjectName) -> bool:
    if stage := session.temporary_stages.pop(name, None):
        session.store.remove_files(stage.id)
        return True
    session.account.securables.drop(_key("STAGE", name))
    return session.store.drop_stage(name)


def _key(kind: str, name: ObjectName) -> Key:
    return Key.of(kind, name.database, name.schema, name.name)


def drop_stage(session: Session, expression: exp.Drop, table: Expr) -> Result:
    name = object_name(session, table)
    if session.find_stage(name) is not None or not expression.args.get("exists"):
        session.access.require("OWNERSHIP", "STAGE", name)
    if not _drop(session, name) and not expression.args.get("exists"):
        raise not_found("Stage", str(name))
    return status(f"{name.name} successfully dropped.")


def create_file_format(session: Session, expression: exp.Create) -> Result:
    name = object_name(session, expression.this)
    session.access.require_create("FILE FORMAT", name.database, name.schema)
    existing = session.store.find_file_format(name)
    if existing is not None and expression.args.get("exists"):
        return status(f"{name.name} already exists, statement succeeded.")
    if existing is not None and not expression.args.get("replace"):
        raise already_exists(name.name)
    nodes = (expression.args.get("properties") or exp.Properties(expressions=[])).expressions
    options = {key: value for key, value in properties(nodes).items() if key != "COMMENT"}
    check_file_format(options)
    if existing is not None:
        session.access.require("OWNERSHIP", "FILE FORMAT", name)
    session.store.create_file_format(name, options)
    session.account.securables.create("FILE FORMAT", _key("FILE FORMAT", name), session.role)
    return status(f"File format {name.name} successfully created.")


def drop_file_format(session: Session, expression: exp.Drop, table: Expr) -> Result:
    name = object_name(session, table)
    if session.store.find_file_format(name) is not None or not expression.args.get("exists"):
        session.access.require("OWNERSHIP", "FILE FORMAT", name)
    session.account.securables.drop(_key("FILE FORMAT", name))
    if not session.store.drop_file_format(name) and not expression.args.get("exists"):
        raise not_found("File format", str(name))
    return status(f"{name.name} successfully dropped.")


def file_format(session: Session, given: dict[str, Any] | str | None, stage: Stage) -> dict[str, Any]:
    """The options to read a stage's files with: the statement's, or else the stage's own; a named format is looked up."""
    options = {"FORMAT_NAME": given} if isinstance(given, str) else dict(given or stage.format)
    named = options.pop("FORMAT_NAME", None)
    if named is None:
        return options
    name = session.resolve(split_name(session, str(named).strip("'")))
    session.access.require("USAGE", "FILE FORMAT", name)
    found = session.store.find_file_format(name)
    if found is None:
        raise not_found("File format", str(name))
    return {**found, **options}
