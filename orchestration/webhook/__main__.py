"""`python -m orchestration.webhook`: the listener in the foreground, until SIGTERM or SIGINT."""

import logging
import sys
import time

import uvicorn

from orchestration.paths import state_dir
from orchestration.setting import SettingError, text
from orchestration.settings import webhook_burst, webhook_port, webhook_rate_per_minute
from orchestration.webhook.credentials import Credentials
from orchestration.webhook.inbox import Inbox
from orchestration.webhook.listener import create_app
from orchestration.webhook.rate_limit import RateLimit


def main() -> int:
    """Returns the exit code: 2 for bad settings."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        credentials = Credentials.from_env()
        limit = RateLimit(webhook_rate_per_minute(), webhook_burst(), time.monotonic)
        port = webhook_port()
    except SettingError as error:
        print(f"webhook listener: {error}", file=sys.stderr)
        return 2
    inbox = Inbox(state_dir() / "webhook-inbox.sqlite")
    app = create_app(inbox, credentials, limit, time.time)
    uvicorn.run(
        app,
        host=text("WEBHOOK_HOST", "127.0.0.1"),
        port=port,
        # Request lines could hold what a sender put into the address.
        access_log=False,
        log_config=None,
        server_header=False,
        limit_concurrency=100,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=10,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
