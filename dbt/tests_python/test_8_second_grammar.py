"""What the parts send, and what an account is set up with, is read by a grammar other than the local Snowflake's, too."""

import json
import re

from local_platform import ROOT
from second_grammar import unread_forms

SNOWFLAKE = ROOT / "deploy" / "snowflake"


def test_every_form_of_statement_is_read():
    """Each form that the target, dbt, the dashboard and doctor send, and the scripts that are run by hand."""
    forms = json.loads((ROOT / "certify" / "contract" / "statement-forms.json").read_text())
    texts = [
        *statements_in(forms),
        *(re.sub(r"'<[^>]*>'", "'x'", file.read_text()) for file in SNOWFLAKE.glob("*.sql")),
    ]
    read, unread = unread_forms(texts)
    assert unread == []
    assert read > 30


def test_what_dbt_sends_is_read(platform):
    """Models, snapshots, seeds and tests as they were run; unit tests are no part of the platform."""
    files = [file for file in (platform.folder / "dbt" / "run").rglob("*.sql") if "_unit_tests.yml" not in file.parts]
    read, unread = unread_forms([file.read_text() for file in files])
    assert unread == []
    assert read > 60


def test_what_is_no_sql_of_snowflake_is_not_read():
    _, unread = unread_forms(["SELECT 1 +", "CREATE TABLE t (a NUMBER", "SELEC 1"])
    assert len(unread) == 3


def statements_in(part) -> list[str]:
    """Every text under a key "sql"."""
    if isinstance(part, list):
        return [text for one in part for text in statements_in(one)]
    if not isinstance(part, dict):
        return []
    return ([part["sql"]] if "sql" in part else []) + statements_in(list(part.values()))
