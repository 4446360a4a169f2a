"""Who may deliver events: Standard Webhooks signatures, or a shared secret for senders that cannot sign."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from standardwebhooks.webhooks import Webhook

from orchestration.setting import SettingError, text, words

MIN_SECRET_BYTES = 24
"""Standard Webhooks asks for 24 to 64 random bytes."""
MIN_SHARED_SECRET_LENGTH = 24


class Refused(Exception):
    """A delivery is not accepted; the message is safe to send back and tells nothing of the secret."""


@dataclass(frozen=True)
class Sender:
    """A delivery whose sender is known: its id, and what identifies the signed attempt (None for a shared secret)."""

    delivery_id: str | None
    attempt: str | None


class Credentials:
    """Decides whether a delivery comes from someone who knows a secret.

    Signed deliveries (headers `webhook-id`, `webhook-timestamp`, `webhook-signature`) are accepted when a signature
    matches one of the signing secrets and the timestamp is within five minutes. Several secrets may be valid at once,
    so that a secret can be changed without losing an event. When a shared secret is set, unsigned deliveries that
    carry it (`Authorization: Bearer …` or `X-Webhook-Secret`) are accepted too; these cannot be told from a replay.
    """

    def __init__(self, signing_secrets: list[str], shared_secrets: list[str]) -> None:
        if not signing_secrets and not shared_secrets:
            raise SettingError(
                "set WEBHOOK_SECRET (for signed deliveries) or WEBHOOK_SHARED_SECRET: "
                "without a secret anyone could start runs"
            )
        self._webhooks = [_webhook(secret) for secret in signing_secrets]
        if any(len(secret) < MIN_SHARED_SECRET_LENGTH for secret in shared_secrets):
            raise SettingError(f"WEBHOOK_SHARED_SECRET must have at least {MIN_SHARED_SECRET_LENGTH} characters")
        self._shared = [secret.encode() for secret in shared_secrets]

    @classmethod
    def from_env(cls, env: Mapping[str, str] | None = None) -> "Credentials":
        """Reads WEBHOOK_SECRET and WEBHOOK_SHARED_SECRET; each may hold several values, separated by spaces."""
        return cls(words("WEBHOOK_SECRET", env=env), text("WEBHOOK_SHARED_SECRET", env=env).split())

    def check(self, headers: Mapping[str, str], body: bytes) -> Sender:
        """:raises Refused: when the delivery is not signed, wrongly signed, or signed too long ago"""
        if "webhook-signature" in headers:
            return self._check_signature(headers, body)
        presented = headers.get("x-webhook-secret", "")
        scheme, _, token = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            presented = token.strip()
        # Every secret is compared, in constant time each: nothing is to be learnt from how long it takes.
        matches = [hmac.compare_digest(presented.encode(), secret) for secret in self._shared]
        if not any(matches):
            raise Refused("the delivery is not signed")
        return Sender(headers.get("webhook-id"), attempt=None)

    def _check_signature(self, headers: Mapping[str, str], body: bytes) -> Sender:
        reason = "the signature does not match"
        for webhook in self._webhooks:
            try:
                webhook.verify(body, dict(headers), json_parse=False)
            except Exception as error:  # malformed headers raise more than the library's own error
                if str(error).startswith("Message timestamp too"):
                    reason = "the timestamp is more than five minutes away"
                continue
            delivery_id = headers["webhook-id"]
            return Sender(delivery_id, attempt=f"{delivery_id}.{int(float(headers['webhook-timestamp']))}")
        raise Refused(reason)


def _webhook(secret: str) -> Webhook:
    try:
        webhook = Webhook(secret)
        long_enough = len(webhook._whsecret) >= MIN_SECRET_BYTES
    except Exception:
        long_enough = False
    if not long_enough:
        # The cause is left out: it could show the secret.
        raise SettingError(
            f"WEBHOOK_SECRET must be 'whsec_' and {MIN_SECRET_BYTES} or more bytes in base64; "
            "make one with: echo whsec_$(openssl rand -base64 32)"
        ) from None
    return webhook
