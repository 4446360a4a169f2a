"""Asks the warehouse, with the connection that dbt's profile describes."""

import json
import os
from collections.abc import Sequence
from typing import Any

import jinja2
import yaml

from orchestration.alerting.redact import redact
from orchestration.dbt_project import DBT_DIR, dbt_target, prepared_project
from orchestration.setting import SettingError

HEALTH_MODEL = "pipeline_health"
PROFILE = "sevdesk_platform"
LOGIN_TIMEOUT_SECONDS = 30
CONNECTOR_NAMES = {"private_key_path": "private_key_file", "private_key_passphrase": "private_key_file_pwd"}
PASSED_ON = [
    "account",
    "user",
    "password",
    "private_key_path",
    "private_key_passphrase",
    "role",
    "warehouse",
    "database",
    "host",
    "port",
    "protocol",
    "authenticator",
    "token",
]


class WarehouseError(Exception):
    """The warehouse did not answer a question. The message holds no secret."""


def query(sql: str) -> list[dict[str, Any]]:
    """The rows of a query, column names in lower case.

    :raises WarehouseError: when there is no connection or the query fails
    """
    # Loading the driver takes a second; only the steps that ask need it.
    import snowflake.connector

    try:
        with (
            snowflake.connector.connect(**_parameters(), login_timeout=LOGIN_TIMEOUT_SECONDS) as connection,
            connection.cursor(snowflake.connector.DictCursor) as cursor,
        ):
            rows: Sequence[dict[str, Any]] = cursor.execute(sql).fetchall()
    except snowflake.connector.Error as error:
        raise WarehouseError(redact(str(error.msg or error))) from None
    return [{name.lower(): value for name, value in row.items()} for row in rows]


def health_rows() -> list[dict[str, Any]]:
    """What ANALYTICS.PIPELINE_HEALTH says: a row for each table, with its stage, rows and age.

    :raises WarehouseError: when it cannot be asked, also before the first build
    """
    manifest = json.loads(prepared_project().manifest_path.read_text())
    relation = next(
        (node["relation_name"] for node in manifest["nodes"].values() if node["name"] == HEALTH_MODEL), None
    )
    if relation is None:
        raise SettingError(f"dbt has no model {HEALTH_MODEL}")
    return query(
        f"select stage, table_name, row_count, data_as_of, current_timestamp() as asked_at from {relation}"
        " order by stage_order, table_name"
    )


def _parameters() -> dict[str, Any]:
    """The connector's parameters for the target in use, from dbt/profiles.yml."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False)
    environment.globals["env_var"] = _env_var
    environment.filters["as_number"] = int
    outputs = yaml.safe_load((DBT_DIR / "profiles.yml").read_text())[PROFILE]["outputs"]
    if dbt_target() not in outputs:
        raise SettingError(
            f"dbt/profiles.yml has no target {dbt_target()!r}; set DBT_TARGET to one of {', '.join(outputs)}"
        )
    rendered = {
        name: environment.from_string(value).render() if isinstance(value, str) else value
        for name, value in outputs[dbt_target()].items()
    }
    found = {CONNECTOR_NAMES.get(name, name): rendered[name] for name in PASSED_ON if rendered.get(name)}
    if "port" in found:
        found["port"] = int(found["port"])
    return found


def _env_var(name: str, default: str | None = None) -> str:
    value = os.environ.get(name, default)
    if value is None:
        raise SettingError(f"set {name}: dbt/profiles.yml needs it")
    return value
