"""Alerts about runs and about the dashboard's age: one for each change, in words that say what to do."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from orchestration.alerting.cause import Cause
from orchestration.alerting.fault import Fault
from orchestration.alerting.freshness_alerts import Freshness, observe_freshness
from orchestration.alerting.language import CAUSES, LANGUAGES, PHRASES
from orchestration.alerting.notifier import deliver
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.routes import router
from orchestration.alerting.run_alerts import Ended, RunFacts, Telling, observe_run
from orchestration.alerting.wording import RUNBOOKS, runbook, what_is_wrong
from orchestration.paths import REPOSITORY
from orchestration.tests.alerting import ALL, HOUR, NOW, Recorder, failed, good, retry, run


def headlines(outbox: Outbox, runs: Iterable[RunFacts], recorder: Recorder) -> list[str]:
    for facts in runs:
        now = max(facts.ended_at, NOW)
        observe_run(outbox, facts, NOW - HOUR, now)
        deliver(outbox, [recorder], now)
    return [headline for headline, _ in recorder.sent]


RETRYING, DOWN = "🟡 sevDesk cannot be reached (retrying)", "🔴 sevDesk cannot be reached"


def test_a_trouble_that_heals_is_told_twice_when_it_begins_and_when_it_ends(outbox: Outbox, recorder: Recorder) -> None:
    told = headlines(
        outbox,
        [
            run(1, retries=(retry(1),)),
            run(1, retries=(retry(1), retry(2))),
            good(1, retries=(retry(1), retry(2))),
            good(2),
        ],
        recorder,
    )
    assert told == [RETRYING, "🟢 Resolved after 1 h 1 min: sevDesk cannot be reached"]


def test_a_lasting_fault_is_told_once_however_many_runs_fail(outbox: Outbox, recorder: Recorder) -> None:
    runs = [failed(number, retries=(retry(1, NOW + number * HOUR),)) for number in range(1, 25)]
    told = headlines(outbox, [*runs, good(30)], recorder)
    assert told == [RETRYING, DOWN, "🟢 Resolved after 1 d 5 h: sevDesk cannot be reached"]


def test_a_run_that_broke_off_and_goes_on_in_a_new_one_is_being_retried(outbox: Outbox, recorder: Recorder) -> None:
    broken = failed(1, "the run broke off", error="", failed_assets=("RAW/INVOICES",), will_retry=True)
    told = headlines(outbox, [broken, good(2)], recorder)
    assert told == [
        "🟡 The run was interrupted: RAW/INVOICES (retrying)",
        "🟢 Resolved after 1 h 0 min: The run was interrupted: RAW/INVOICES",
    ]


def test_a_cancelled_run_is_no_failure(outbox: Outbox, recorder: Recorder) -> None:
    assert headlines(outbox, [run(1, ended=Ended.CANCELED, succeeded=())], recorder) == []


def test_a_sensor_that_dies_and_looks_again_tells_nothing_twice(tmp_path: Path, recorder: Recorder) -> None:
    for _ in range(3):
        fresh = Outbox(tmp_path / "same.sqlite", router(ALL, ["slack"]))
        observe_run(fresh, failed(1), NOW - HOUR, NOW)
    deliver(fresh, [recorder], NOW)
    assert len(recorder.sent) == 1


def test_an_alert_tells_what_which_since_when_how_old_who_and_where(outbox: Outbox, recorder: Recorder) -> None:
    observe_run(outbox, failed(0), NOW - 90 * 60, NOW + 60)
    deliver(outbox, [recorder], NOW + 60)
    assert recorder.sent == [
        (
            DOWN,
            "tap-sevdesk: sevDesk answered 503\n"
            "Concerns: RAW/INVOICES\n"
            "Since: 25 Nov 2025, 09:41 CET\n"
            "The dashboard shows data as of 25 Nov 2025, 08:10 CET (1 h 31 min old).\n"
            "What to do (no action needed yet): The next run retries. If it persists, check the service's status page.\n"
            "Details: http://dagster/runs/run-0\n"
            "Runbook: docs/runbooks/unreachable.md",
        )
    ]


def test_the_same_in_german(outbox: Outbox, recorder: Recorder) -> None:
    telling = Telling("de", soft_assets=("RAW/EXCHANGE_RATES",), runbooks="https://wiki.example/runbooks/")
    rates = failed(0, error="tap-ecb: timeout after 60 s", failed_assets=("RAW/EXCHANGE_RATES",))
    observe_run(outbox, rates, NOW - 90 * 60, NOW + 60, telling)
    observe_run(outbox, good(3), NOW, NOW + 4 * HOUR, telling)
    deliver(outbox, [recorder], NOW + 4 * HOUR)
    (began, body), (over, _) = recorder.sent
    assert (began, over) == ("🟠 ECB ist nicht erreichbar", "🟢 Behoben nach 3 Std 0 Min: ECB ist nicht erreichbar")
    assert body.splitlines() == [
        "tap-ecb: timeout after 60 s Die Umsätze werden weiter berechnet, mit den neuesten vorhandenen Kursen.",
        "Betrifft: RAW/EXCHANGE_RATES",
        "Seit: 25.11.2025, 09:41 CET",
        "Das Dashboard zeigt den Stand vom 25.11.2025, 08:10 CET (5 Std 30 Min alt).",
        "Zu tun (vorerst nichts): Der nächste Lauf versucht es erneut. Hält es an, die Statusseite des Dienstes ansehen.",
        "Details: http://dagster/runs/run-0",
        "Anleitung: https://wiki.example/runbooks/unreachable.md",
    ]


def test_every_cause_has_its_words_and_its_runbook() -> None:
    for language in LANGUAGES:
        assert set(CAUSES[language]) == set(Cause)
        assert all("{subject}" in text.title for text in CAUSES[language].values())
    assert set(PHRASES["en"]) == set(PHRASES["de"])
    missing = [cause for cause in Cause if not (REPOSITORY / runbook(cause, RUNBOOKS)).exists()]
    assert missing == []


@pytest.mark.parametrize(
    ("reason", "error", "cause"),
    [
        ("the sign-in was refused", "tap-sevdesk: sevDesk answered 401", Cause.SIGN_IN_REFUSED),
        ("the loader failed", "target-snowflake-ts: JWT token is invalid", Cause.SIGN_IN_REFUSED),
        ("the configuration is wrong", "tap-sevdesk: page_size must be a number", Cause.CONFIGURATION),
        ("the extractor failed", "tap-ecb: connect ECONNREFUSED", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: sevDesk answered 502", Cause.UNREACHABLE),
        ("the data failed a test", "dbt tests failed: not_null_x", Cause.DATA_TEST),
        ("dbt could not build a model", "m could not be built: Database Error", Cause.MODEL_ERROR),
        ("another run of the same pipeline is going", "", Cause.LOCKED),
        ("step x failed", "division by zero", Cause.OTHER),
        ("the loader failed", 'target-snowflake-ts: line 401: record of stream "a" is no object', Cause.RECORD_REFUSED),
        ("the loader failed", "target-snowflake-ts: line 512 is not valid UTF-8", Cause.RECORD_REFUSED),
        (
            "the loader failed",
            "target-snowflake-ts: line 503 of x.jsonl: a record must be an object",
            Cause.RECORD_REFUSED,
        ),
        (
            "the loader failed",
            'target-snowflake-ts: more than 500 records do not fit (setting "max_invalid_records")',
            Cause.RECORD_REFUSED,
        ),
        ("the extractor failed", "tap-sevdesk: invoices: object 403 has no id", Cause.OTHER),
        ("the extractor failed", "tap-sevdesk: 503 rows are left", Cause.OTHER),
        ("the extractor failed", "tap-sevdesk: GET /Invoice failed on the server's side (HTTP 500)", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: 504 Gateway Time-out", Cause.UNREACHABLE),
        ("the extractor failed", "tap-sevdesk: access was denied (HTTP 403 for GET /Voucher)", Cause.SIGN_IN_REFUSED),
        # A plugin's exit code says more than its words.
        (
            "the sign-in was refused",
            'target-snowflake-ts: refused sign-in by key pair; check setting "user"',
            Cause.SIGN_IN_REFUSED,
        ),
        ("dbt could not build a model", "m could not be built: 250001: Could not connect", Cause.UNREACHABLE),
        ("dbt could not build a model", "m could not be built: division by 500, unexpected x", Cause.MODEL_ERROR),
    ],
)
def test_failures_fall_into_classes(reason: str, error: str, cause: Cause) -> None:
    assert Fault.of(reason, error, ("RAW/INVOICES",)).cause is cause


def test_an_outage_that_dbt_meets_is_the_one_that_the_loader_meets() -> None:
    """And what is wrong with a table names the table."""
    loader = Fault.of("the loader failed", "target-snowflake-ts: nothing answers at x", ("RAW/INVOICES",))
    dbt = Fault.of("dbt could not build a model", "m could not be built: 250001: Could not connect", ("DBT/M",))
    assert loader.group == dbt.group
    refused = Fault.of("the loader failed", "target-snowflake-ts: line 7: no record", ("RAW/INVOICES",))
    assert what_is_wrong(refused, refused.assets, "en") == "A record cannot be loaded: RAW/INVOICES"


OUTDATED = "🟠 The revenue dashboard shows outdated figures"


def freshness(age: float | None, overdue: bool = False) -> Freshness:
    return Freshness(None if age is None else NOW - age, NOW - 60, overdue)


@pytest.mark.parametrize(
    ("ages", "told"),
    [
        (
            [60, 7000, 7300, 9000, 30, 40],
            [OUTDATED, f"🟢 Resolved after less than a minute: {OUTDATED[2:]}"],
        ),
        ([30, 60], []),
        ([9000, 9000], [OUTDATED]),
    ],
)
def test_the_dashboards_age_is_told_when_it_passes_the_limit_and_when_it_is_back(
    outbox: Outbox, recorder: Recorder, ages: list[float], told: list[str]
) -> None:
    for age in ages:
        observe_freshness(outbox, freshness(age), ("dashboard/revenue",), 7200, "http://dagster/assets", NOW)
        deliver(outbox, [recorder], NOW)
    assert [headline for headline, _ in recorder.sent] == told


def test_old_numbers_that_are_built_again_every_hour_are_still_old(outbox: Outbox) -> None:
    found = observe_freshness(outbox, Freshness(NOW - 9000, NOW - 1, False), (), 7200, "", NOW)
    assert found == "outdated"


def test_without_a_ledger_dagsters_own_policy_decides(outbox: Outbox) -> None:
    assert observe_freshness(outbox, freshness(None, overdue=False), (), 1, "", NOW) == "fresh"
    assert observe_freshness(outbox, freshness(None, overdue=True), (), 1, "", NOW) == "outdated"
    assert observe_freshness(outbox, Freshness(None, None, True), (), 1, "", NOW) == "fresh"
