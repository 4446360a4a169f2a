"""Runs LookML measures on a warehouse: sidemantic reads the project and writes Snowflake's SQL."""

from collections.abc import Sequence
from pathlib import Path

from lookml import LookmlProject
from sidemantic import SemanticLayer
from sidemantic.adapters.lookml import LookMLAdapter


class Measures:
    def __init__(self, project: LookmlProject, folder: Path, query) -> None:
        """`folder` takes a copy of the project with its constants put in, since sidemantic knows none."""
        for file in project.files:
            copy = folder / file.relative_to(project.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(project.with_constants(file.read_text()))
        self._query = query
        self._layer = SemanticLayer(auto_register=False)
        for model in LookMLAdapter().parse(folder).models.values():
            self._layer.add_model(model)

    def ask(self, view: str, measures: list[str], dimensions: Sequence[str] = ()) -> dict[tuple, tuple]:
        """Values of the measures by the values of the dimensions, as an explore would show them."""
        names = ([f"{view}.{name}" for name in dimensions], [f"{view}.{name}" for name in measures])
        sql = self._layer.compile(dimensions=names[0], metrics=names[1], dialect="snowflake")
        # The adapter keeps schema and table of a name of three parts; the session has the database.
        rows = self._query(sql)
        return {tuple(row[: len(dimensions)]): tuple(row[len(dimensions) :]) for row in rows}
