"""Slack, by a bot token or by an incoming webhook."""

from collections.abc import Mapping
from urllib.error import URLError

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from orchestration.alerting.channel import ChannelError
from orchestration.setting import SettingError, text

TIMEOUT_SECONDS = 10
ADVICE: Mapping[object, str] = {
    **dict.fromkeys((403, 404, 410), "check SLACK_WEBHOOK_URL"),
    **dict.fromkeys(("invalid_auth", "token_revoked", "account_inactive"), "check SLACK_BOT_TOKEN"),
    "channel_not_found": "check SLACK_CHANNEL",
    "not_in_channel": "invite the bot to the channel",
}
"""What to do about what an incoming webhook answers by its status, and the API by a word."""


class SlackChannel:
    """Posts to one Slack channel. A bot token wins over an incoming webhook when both are set."""

    name = "slack"

    def __init__(self, *, token: str = "", channel: str = "", webhook_url: str = "", api_url: str = "") -> None:
        if token and not channel:
            raise SettingError("SLACK_BOT_TOKEN is set, so SLACK_CHANNEL must name the channel to post to")
        self._channel = channel
        # Slack's own retries are off: the outbox retries, and does not block a sensor meanwhile.
        options = {"timeout": TIMEOUT_SECONDS, "retry_handlers": []}
        self._web = WebClient(token, **options, **({"base_url": api_url} if api_url else {})) if token else None
        self._webhook = None if token else WebhookClient(webhook_url, **options)

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "SlackChannel | None":
        """Reads SLACK_BOT_TOKEN with SLACK_CHANNEL, or SLACK_WEBHOOK_URL; SLACK_API_URL is another endpoint than
        Slack's own for the bot token. None when neither is set."""
        token, webhook_url = text("SLACK_BOT_TOKEN", env=env), text("SLACK_WEBHOOK_URL", env=env)
        if not token and not webhook_url:
            return None
        api_url = text("SLACK_API_URL", env=env)
        return cls(
            token=token,
            channel=text("SLACK_CHANNEL", env=env),
            webhook_url=webhook_url,
            api_url=api_url and api_url.rstrip("/") + "/",
        )

    def send(self, headline: str, body: str) -> None:
        message = f"*{_escape(headline)}*\n{_escape(body)}"
        try:
            if self._web is not None:
                self._web.chat_postMessage(channel=self._channel, text=message, unfurl_links=False, unfurl_media=False)
                return
            answer = self._webhook.send(text=message)
        except SlackApiError as error:
            raise _refused(error) from None
        # The causes are left out: an incoming webhook's address is a secret, and it is in them.
        except (URLError, OSError, ValueError) as error:
            raise ChannelError(f"Slack could not be reached ({type(error).__name__})") from None
        if answer.status_code != 200:
            raise _answered(answer.status_code, answer.headers)


def _refused(error: SlackApiError) -> ChannelError:
    # An outage page is no answer of Slack's: its status says more than that it is no JSON.
    status = error.response.status_code
    what = error.response.get("error") if status == 200 else f"with {status}"
    return _answered(what, error.response.headers)


def _answered(what: object, headers: Mapping[str, str]) -> ChannelError:
    advice = f"; {ADVICE[what]}" if what in ADVICE else ""
    return ChannelError(f"Slack answered {what}{advice}", _retry_after(headers))


def _escape(message: str) -> str:
    return message.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _retry_after(headers: Mapping[str, str]) -> float:
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return float(value) if str(value).isdigit() else 0
