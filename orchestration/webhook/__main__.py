"""`python -m orchestration.webhook`: the listener in the foreground, until SIGTERM or SIGINT."""

import logging
import os
import resource
import socket
import sys
import time

import uvicorn

from orchestration.alerting.configured import configured_router
from orchestration.alerting.outbox import Outbox
from orchestration.alerting.routes import channels_from_env
from orchestration.alerting.run_alerts import Telling
from orchestration.observability.metrics import prometheus_text
from orchestration.paths import state_dir
from orchestration.platform_health import PlatformHealth, code_location_address
from orchestration.platform_pulse import pulse_at
from orchestration.setting import SettingError, text
from orchestration.settings import (
    alert_language,
    dagster_url,
    runbook_url,
    webhook_burst,
    webhook_port,
    webhook_rate_per_minute,
)
from orchestration.webhook.credentials import Credentials
from orchestration.webhook.guarded_protocol import MAX_CONNECTIONS, GuardedProtocol
from orchestration.webhook.inbox import Inbox
from orchestration.webhook.listener import create_app
from orchestration.webhook.rate_limit import RateLimit
from orchestration.webhook.watch import Watch

SPARE_FILES = 100


def main() -> int:
    """Returns the exit code: 2 for bad settings."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        credentials = Credentials.from_env()
        limit = RateLimit(webhook_rate_per_minute(), webhook_burst(), time.monotonic)
        host, port = text("WEBHOOK_HOST", "127.0.0.1"), webhook_port()
        _check_address(host, port)
        channels = channels_from_env()
        outbox = Outbox(state_dir() / "alert-outbox.sqlite", configured_router(channels))
        telling = Telling(alert_language(), runbooks=runbook_url())
        link = dagster_url()
    except SettingError as error:
        print(f"webhook listener: {error}", file=sys.stderr)
        return 2
    os.umask(0o077)
    _allow_files(MAX_CONNECTIONS + SPARE_FILES)
    inbox = Inbox(state_dir() / "webhook-inbox.sqlite")
    code_location = code_location_address()
    health = PlatformHealth(code_location, state_dir())
    if code_location:
        Watch(outbox, channels, health.problems, link, telling).start()
    app = create_app(
        inbox,
        credentials,
        limit,
        time.time,
        problems=health.problems,
        pulse_at=lambda: pulse_at(state_dir()),
        metrics=lambda: prometheus_text(inbox, outbox),
    )
    uvicorn.run(
        app,
        host=host,
        port=port,
        # Request lines could hold what a sender put into the address.
        access_log=False,
        log_config=None,
        server_header=False,
        http=GuardedProtocol,
        backlog=MAX_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
    )
    return 0


def _check_address(host: str, port: int) -> None:
    """Uvicorn itself would end with 3 where it cannot listen, which stands for a refused sign-in here.

    :raises SettingError: when nobody can listen at the address now
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
    except OSError as error:
        raise SettingError(
            f"port {port} on {host} cannot be used: {error.strerror}; choose another with WEBHOOK_PORT or WEBHOOK_HOST"
        ) from error


def _allow_files(count: int) -> None:
    """Each connection is an open file; many systems allow 1,024 unless more is asked for."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count if hard == resource.RLIM_INFINITY else min(count, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    sys.exit(main())
