"""The data tests that Looker runs before a deploy hold on the marts, and fail on marts that would make a dashboard lie."""

import re

import pytest

from explore_query import ExploreQuery


@pytest.fixture
def failures(project, platform):
    """The assertions that do not hold, of one test or of all."""

    def found() -> set[str]:
        failed = set()
        for test in project.data_tests.values():
            source = test["explore_source"]
            assert "sorts" not in source, f"{test['name']}: where NULL sorts differs between Snowflake and Looker"
            columns = [f"{source['name']}.{column['name']}" for column in source["columns"]]
            ((*values,),) = platform.query(ExploreQuery(project, source["name"], columns).sql())
            row = dict(zip(columns, values, strict=True))
            failed |= {one["name"] for one in test["asserts"] if not holds(one["expression"], row)}
        return failed

    return found


def holds(expression: str, row: dict) -> bool:
    """A Looker expression, in the part of its language that the data tests use."""
    python = re.sub(r"\$\{([\w.]+)\}", lambda match: f"row[{match[1]!r}]", expression)
    python = re.sub(r"(?<![<>!])=", "==", python).replace("NOT", "not")
    return eval(python, {"row": row, "abs": abs, "is_null": lambda value: value is None})


def test_they_hold_on_what_dbt_built(failures, project):
    assert len(project.data_tests) >= 4
    assert failures() == set()


@pytest.mark.parametrize(
    ("spoil", "assertion"),
    [
        ("insert into ANALYTICS.INVOICES_SUMMARY select * from ANALYTICS.INVOICES_SUMMARY limit 1", "key_is_unique"),
        ("update ANALYTICS.INVOICES_SUMMARY set city = null where invoice_id = {one}", "none_is_incomplete"),
        ("update ANALYTICS.INVOICES_SUMMARY set invoice_date = null where invoice_id = {one}", "none_is_incomplete"),
        ("update ANALYTICS.INVOICES_SUMMARY set country_code = 'QQ' where invoice_id = {one}", "none_is_incomplete"),
        ("update ANALYTICS.INVOICES_SUMMARY set country_code = null where invoice_id = {one}", "none_is_incomplete"),
        ("delete from ANALYTICS.INVOICES_SUMMARY", "there_are_invoices"),
    ],
)
def test_they_fail_on_marts_that_lie(failures, platform, spoil, assertion):
    one = "(select min(invoice_id) from ANALYTICS.INVOICES_SUMMARY)"
    platform.query("begin")
    try:
        platform.query(spoil.format(one=one))
        assert assertion in failures()
    finally:
        platform.query("rollback")
