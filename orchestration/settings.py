"""The platform's settings in one place: each read when it is needed, all checked before anything starts.

Those of the channels are read by `alerting/slack.py` and `alerting/email.py`, the webhook's secrets by
`webhook/credentials.py`. docs/operations.md explains all of them.
"""

import sys

from orchestration.alerting.language import LANGUAGES, Language
from orchestration.alerting.routes import channels_from_env
from orchestration.alerting.wording import RUNBOOKS
from orchestration.meltano.project import MeltanoProject
from orchestration.paths import REPOSITORY
from orchestration.setting import SettingError, text, whole_number
from orchestration.webhook.credentials import Credentials


def meltano_environment() -> str:
    """Where runs take place: an environment of `meltano.yml`."""
    chosen = text("MELTANO_ENVIRONMENT", "local")
    known = MeltanoProject(REPOSITORY).environments()
    if chosen not in known:
        raise SettingError(f"MELTANO_ENVIRONMENT must be one of {', '.join(known)}")
    return chosen


def retries() -> int:
    """How often a step that failed is tried again."""
    return whole_number("PIPELINE_RETRIES", 3, maximum=10)


def retry_seconds() -> int:
    """How long before the first retry; twice as long before each further one."""
    return whole_number("PIPELINE_RETRY_SECONDS", 60, minimum=1, maximum=3600)


def schedules_on() -> bool:
    """Whether the schedules run unless somebody switches them off in the page."""
    return _on("PIPELINE_SCHEDULES")


def max_age_seconds() -> int:
    """How old the dashboard's numbers may be: 150 minutes by default, so that one hourly run may fail unnoticed.
    Dagster's freshness policies know no window under a minute."""
    return 60 * whole_number("DASHBOARD_MAX_AGE_MINUTES", 150, minimum=1, maximum=60 * 24 * 30)


def polling_on() -> bool:
    """Whether sevDesk is asked for changes between the hours."""
    return _on("POLL_SEVDESK")


def poll_seconds() -> int:
    """How often it is asked."""
    return whole_number("POLL_SECONDS", 300, minimum=10, maximum=24 * 3600)


def debounce_seconds() -> int:
    """How long no event may come before a run starts for those that came."""
    return whole_number("WEBHOOK_DEBOUNCE_SECONDS", 20, maximum=3600)


def max_wait_seconds() -> int:
    """The longest that a steady stream of events puts a run off."""
    return whole_number("WEBHOOK_MAX_WAIT_SECONDS", 300, maximum=24 * 3600)


def poll_min_seconds() -> int:
    """How long after a run started the next one may be started by a change that polling found."""
    return 60 * whole_number("POLL_MIN_MINUTES", 10, maximum=24 * 60)


def run_retention_days() -> int:
    """How long runs are kept in Dagster's history; 0 for ever."""
    return whole_number("RUN_RETENTION_DAYS", 90, maximum=3650)


def alert_language() -> Language:
    """The language of alerts."""
    chosen = text("ALERT_LANGUAGE", "en").lower()
    found = next((language for language in LANGUAGES if language == chosen), None)
    if found is None:
        raise SettingError(f"ALERT_LANGUAGE must be {' or '.join(LANGUAGES)}")
    return found


def alert_repeat_seconds() -> int:
    """After how long something that is still wrong is told again; 0 for never."""
    return 3600 * whole_number("ALERT_REPEAT_HOURS", 24, maximum=24 * 365)


def alert_escalate_seconds() -> int:
    """After how long the escalation's channels are told, too; 0 for never."""
    return 3600 * whole_number("ALERT_ESCALATE_HOURS", 4, maximum=24 * 365)


def runbook_url() -> str:
    """Where people read docs/runbooks; the folder of the repository unless it is set."""
    return text("RUNBOOK_URL", RUNBOOKS)


def heartbeat_url() -> str:
    """Where to call after each good run, so that somebody is told when the calls stop."""
    url = text("HEARTBEAT_URL")
    if url and not url.startswith(("https://", "http://")):
        raise SettingError("HEARTBEAT_URL must begin with https:// or http://")
    return url


def dagster_url() -> str:
    """Where people open Dagster. In production it must be set: a link to this machine works for nobody else."""
    port = whole_number("DAGSTER_PORT", 3000, minimum=1, maximum=65535)
    url = text("DAGSTER_URL")
    if not url and text("MELTANO_ENVIRONMENT") == "prod":
        raise SettingError(
            "DAGSTER_URL must be the address at which people open Dagster: links in alerts begin with it"
        )
    if url and not url.startswith(("https://", "http://")):
        raise SettingError("DAGSTER_URL must begin with https:// or http://")
    return (url or f"http://127.0.0.1:{port}").rstrip("/")


def webhook_port() -> int:
    return whole_number("WEBHOOK_PORT", 3030, minimum=1, maximum=65535)


def webhook_rate_per_minute() -> int:
    """How many calls an address may make in the long run."""
    return whole_number("WEBHOOK_RATE_PER_MINUTE", 60, minimum=1)


def webhook_burst() -> int:
    """How many calls an address may make at once."""
    return whole_number("WEBHOOK_RATE_BURST", 120, minimum=1)


def check_all() -> list[str]:
    """Reads every setting and returns a line for each that is wrong."""
    readers = [
        meltano_environment,
        retries,
        retry_seconds,
        schedules_on,
        max_age_seconds,
        polling_on,
        poll_seconds,
        debounce_seconds,
        max_wait_seconds,
        poll_min_seconds,
        run_retention_days,
        alert_language,
        alert_repeat_seconds,
        alert_escalate_seconds,
        heartbeat_url,
        dagster_url,
        webhook_port,
        webhook_rate_per_minute,
        webhook_burst,
        channels_from_env,
        Credentials.from_env,
    ]
    wrong = []
    for read in readers:
        try:
            read()
        except SettingError as error:
            wrong.append(str(error))
    return wrong


def _on(name: str) -> bool:
    value = text(name, "on").lower()
    if value not in ("on", "off"):
        raise SettingError(f"{name} must be on or off")
    return value == "on"


def main() -> int:
    """`python -m orchestration.settings`: prints what is wrong and exits with 2, or prints nothing."""
    wrong = check_all()
    for line in wrong:
        print(line, file=sys.stderr)
    return 2 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
