"""Whether runs can start: what a monitoring asks. Imports no Dagster, so that it answers when Dagster does not."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

from orchestration.paths import state_dir
from orchestration.platform_pulse import pulse_at
from orchestration.setting import text

SERVICE = "DagsterApi"
ANSWER_SECONDS = 10
PULSE_SECONDS = 300
"""A busy machine may skip several ticks; a daemon that is silent this long evaluates nothing."""


def code_location_address() -> str:
    """Where this installation's code location answers: a socket's path, or host and port (`CODE_LOCATION_ADDRESS`)."""
    return text("CODE_LOCATION_ADDRESS") or text("CODE_LOCATION_SOCKET")


class PlatformHealth:
    """Looks at the code location, by its own health service, and at the pulse of the daemon's sensors."""

    def __init__(self, code_location: str, folder: Path, clock: Callable[[], float] = time.time) -> None:
        """
        :param code_location: where it answers, as `code_location_address` says; empty when there is none to watch
        :param folder: where the sensors leave their pulse
        """
        self._code_location = code_location
        self._folder = folder
        self._clock = clock
        self._since = clock()

    def problems(self) -> list[str]:
        """What keeps runs from starting, a line each; empty when nothing does."""
        if not self._code_location:
            return []
        found = [] if self._code_location_answers() else ["the code location is not loaded"]
        seen = pulse_at(self._folder)
        # After a start the first tick takes a while.
        if self._clock() - max(seen or 0, self._since) > PULSE_SECONDS:
            found.append("Dagster's daemon evaluates no sensors")
        return found

    def _code_location_answers(self) -> bool:
        if self._code_location.startswith("/"):
            if not Path(self._code_location).exists():
                return False
            target = f"unix:{self._code_location}"
        else:
            target = f"dns:{self._code_location}"
        # Not the process's proxy settings: it is a file of this machine, or a service next door.
        with grpc.insecure_channel(target, [("grpc.enable_http_proxy", 0)]) as channel:
            try:
                answer = HealthStub(channel).Check(HealthCheckRequest(service=SERVICE), timeout=ANSWER_SECONDS)
            except grpc.RpcError:
                return False
            return answer.status == HealthCheckResponse.SERVING


def main() -> int:
    """`python -m orchestration.platform_health`: prints what keeps runs from starting and exits with 1, or nothing."""
    problems = PlatformHealth(code_location_address(), state_dir()).problems()
    for line in problems:
        print(line, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
