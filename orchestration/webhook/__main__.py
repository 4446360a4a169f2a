"""`python -m orchestration.webhook`: the listener in the foreground, until SIGTERM or SIGINT."""

import logging
import sys
import time

import uvicorn

from orchestration.paths import state_dir
from orchestration.setting import SettingError, text, whole_number
from orchestration.webhook.credentials import Credentials
from orchestration.webhook.inbox import Inbox
from orchestration.webhook.listener import create_app
from orchestration.webhook.rate_limit import RateLimit


def main() -> int:
    """Returns the exit code: 2 for bad settings."""
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    try:
        credentials = Credentials.from_env()
        per_minute = whole_number("WEBHOOK_RATE_PER_MINUTE", 60, minimum=1)
        burst = whole_number("WEBHOOK_RATE_BURST", 120, minimum=1)
        port = whole_number("WEBHOOK_PORT", 3030, minimum=1, maximum=65535)
    except SettingError as error:
        print(f"webhook listener: {error}", file=sys.stderr)
        return 2
    inbox = Inbox(state_dir() / "webhook-inbox.sqlite")
    app = create_app(inbox, credentials, RateLimit(per_minute, burst, time.monotonic), time.time)
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
