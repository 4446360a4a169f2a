"""What a channel is."""

from typing import Protocol


class ChannelError(Exception):
    """A channel did not take a message. The text holds no secret.

    :ivar retry_after: seconds that the other side asked to wait; 0 when it did not say
    """

    def __init__(self, message: str, retry_after: float = 0) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Channel(Protocol):
    """Somewhere a message goes."""

    name: str

    def send(self, headline: str, body: str) -> None:
        """Returns when the other side has taken the message.

        :raises ChannelError: when it has not
        """
