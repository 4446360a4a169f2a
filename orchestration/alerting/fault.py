"""What is wrong, told apart from everything else that may be wrong."""

from dataclasses import dataclass

from orchestration.alerting.cause import SERVICE_WIDE, Cause, classify, service_of


@dataclass(frozen=True)
class Fault:
    """A failure of some assets for one class of cause.

    :ivar assets: what failed; the fault is over once each of them has succeeded
    :ivar service: the service at fault (sevDesk, ECB, Snowflake); empty when it is not known
    :ivar detail: what tells two faults of the same class on the same asset apart (the names of failed tests)
    :ivar error: what was said, redacted
    """

    cause: Cause
    assets: tuple[str, ...]
    error: str = ""
    service: str = ""
    detail: str = ""

    @classmethod
    def of(cls, reason: str, error: str, assets: tuple[str, ...], *, subject: str = "", detail: str = "") -> "Fault":
        """A fault from what a failed step said.

        :param subject: what is concerned when no asset is known, such as the job
        """
        cause = classify(error, reason)
        return cls(cause, assets or (subject,), error or reason, service_of(error, reason, cause), detail)

    @property
    def group(self) -> str:
        """Faults of one group are one incident as far as their assets are the same; those of a service always."""
        return f"{self.cause}|{self.service if self.by_service else ''}|{self.detail}"

    @property
    def by_service(self) -> bool:
        """Whether it lies with a service as a whole, so that further assets that it meets are no news."""
        return self.cause in SERVICE_WIDE and bool(self.service)
