"""Runs Meltano and then tells how far each stream has got, in one process: its start takes seconds.

Executed by Meltano's own interpreter: `python runner.py STATE_ID MELTANO_ARGUMENTS…`. The state is asked of Meltano
itself, so that it works with whatever backend the project keeps it in. Only values of bookmarks are printed.
"""

import json
import sys

from meltano.cli import main
from meltano.core.db import project_engine
from meltano.core.project import Project
from meltano.core.state_service import StateService

VALUE_KEYS = ("window_end", "replication_key_value")
"""Where taps keep the time up to which a stream is complete; the first that is there counts."""


def bookmarks_of(state: object) -> dict[str, str]:
    """The newest bookmark of each stream that has one."""
    singer = state.get("singer_state") if isinstance(state, dict) else None
    bookmarks = singer.get("bookmarks") if isinstance(singer, dict) else None
    found = {}
    for stream, bookmark in bookmarks.items() if isinstance(bookmarks, dict) else ():
        values = [bookmark[key] for key in VALUE_KEYS if isinstance(bookmark, dict) and bookmark.get(key) is not None]
        if values:
            found[stream] = str(values[0])
    return found


def run(state_id: str, arguments: list[str]) -> int:
    """Returns Meltano's exit code."""
    sys.argv = ["meltano", *arguments]
    try:
        main()
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    try:
        project = Project.find()
        _, make_session = project_engine(project)
        with make_session() as session:
            state = StateService(project, session).get_state(state_id)
        print(json.dumps({"bookmarks": bookmarks_of(state)}), flush=True)
    except Exception as error:
        # They are only shown; the run has ended as it has.
        print(f"the bookmarks could not be read ({type(error).__name__})", flush=True)
    return code


if __name__ == "__main__":
    sys.exit(run(sys.argv[1], sys.argv[2:]))
