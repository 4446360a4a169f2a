"""The SQL that Looker sends for a query of an explore, written from what Looker documents of fields, joins, filters and Liquid."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from liquid import Environment

from lookml import LookmlProject

PERIOD = re.compile(r"(\d{4}-\d{2}-\d{2}) to (\d{4}-\d{2}-\d{2})")
CONDITION = re.compile(r"\{%\s*condition ([\w.]+)\s*%\}(.*?)\{%\s*endcondition\s*%\}", re.DOTALL)
END_OF_PERIOD = re.compile(r"\{%\s*date_(start|end) ([\w.]+)\s*%\}")
SHOWN = {
    "date": "{}",
    "date_raw": "{}",
    "date_time": "{}",
    "date_week": "TO_CHAR(DATE_TRUNC('week', {}), 'YYYY-MM-DD')",
    "date_month": "TO_CHAR(DATE_TRUNC('month', {}), 'YYYY-MM')",
    "date_quarter": "TO_CHAR(DATE_TRUNC('quarter', {}), 'YYYY-MM')",
    "date_year": "YEAR({})",
    "yesno": "CASE WHEN {} THEN 'Yes' ELSE 'No' END",
}


@dataclass
class ExploreQuery:
    project: LookmlProject
    explore: str
    fields: Sequence[str]
    filters: Mapping[str, str] = field(default_factory=dict)
    """By field: `a,b` for one of several values, `2026-01-01 to 2026-02-01` for days (the last one excluded), `yes` and `no`."""
    sorts: Sequence[str] = ()
    limit: int = 5000
    locale: str = "en"

    def __post_init__(self) -> None:
        self._views = self.project.views_of(self.explore)
        self._used: set[str] = set()

    def sql(self) -> str:
        shown = [self._shown(name) for name in self.fields]
        where = [
            self._filtered(name, value)
            for name, value in self.filters.items()
            if self._field(name)["kind"] == "dimension"
        ]
        groups = [str(place) for place, name in enumerate(self.fields, 1) if self._field(name)["kind"] == "dimension"]
        lines = [
            "SELECT " + ", ".join(shown),
            *self._from(),
            *([f"WHERE {' AND '.join(where)}"] if where else []),
            *([f"GROUP BY {', '.join(groups)}"] if groups else []),
            *([f"ORDER BY {', '.join(self._sorted(sort) for sort in self.sorts)}"] if self.sorts else []),
            f"LIMIT {self.limit}",
        ]
        return "\n".join(lines)

    def _field(self, name: str) -> dict:
        view, _, one = name.partition(".")
        return self._views[view].fields[one]

    def _from(self) -> list[str]:
        """The explore's view and the joins that the query needs, with those that they need."""
        joins = {one["name"]: one for one in self.project.explores[self.explore].get("joins", [])}
        conditions, todo = {}, list(self._used)
        while todo:
            name = todo.pop()
            if name in joins and name not in conditions:
                before = set(self._used)
                conditions[name] = self._rendered(joins[name]["sql_on"], name)
                todo += self._used - before
        return [f"FROM {self._source(self.explore)} AS {self.explore}"] + [
            f"LEFT JOIN {self._source(name)} AS {name} ON {conditions[name]}" for name in joins if name in conditions
        ]

    def _source(self, name: str) -> str:
        return self._views[name].source

    def _sorted(self, sort: str) -> str:
        name, _, direction = sort.partition(" ")
        return f"{list(self.fields).index(name) + 1} {direction.upper() or 'ASC'} NULLS LAST"

    def _shown(self, name: str) -> str:
        one = self._field(name)
        sql = self._measure(name) if one["kind"] == "measure" else self._plain(name)
        return SHOWN.get(one["type"], "{}").format(sql)

    def _plain(self, name: str) -> str:
        return self._rendered(self._field(name)["sql"], name.split(".")[0])

    def _measure(self, name: str) -> str:
        one, view = self._field(name), name.split(".")[0]
        self._used.add(view)
        kept = [
            self._filtered(f"{view}.{key}", value)
            for condition in one.get("filters__all", [])
            for pair in condition
            for key, value in pair.items()
        ]
        only = " AND ".join(kept)
        sql = self._rendered(one["sql"], view) if "sql" in one else ""
        match one["type"]:
            case "count":
                key = next(
                    f"{view}.{field['name']}"
                    for field in self._views[view].of_kind("dimension")
                    if field.get("primary_key")
                )
                counted = self._plain(key)
                return f"COUNT(CASE WHEN {only} THEN {counted} END)" if only else f"COUNT({counted})"
            case "count_distinct":
                return f"COUNT(DISTINCT {sql})"
            case "sum":
                return f"COALESCE(SUM(CASE WHEN {only} THEN {sql} END), 0)" if only else f"COALESCE(SUM({sql}), 0)"
            case "max":
                return f"MAX({sql})"
            case "percent_of_total":
                return f"100 * {sql} / NULLIF(SUM({sql}) OVER (), 0)"
            case "number":
                return f"({sql})"
        raise AssertionError(f"{name}: measures of type {one['type']} are not known here")

    def _filtered(self, name: str, value: str) -> str:
        return self._condition(self._field(name), self._plain(name), value)

    @staticmethod
    def _condition(one: dict, sql: str, value: str) -> str:
        if one["type"] == "yesno":
            return f"({sql})" if value.lower() == "yes" else f"NOT COALESCE({sql}, FALSE)"
        if period := PERIOD.fullmatch(value):
            return f"({sql} >= '{period[1]}' AND {sql} < '{period[2]}')"
        quoted = ", ".join("'" + part.replace("'", "''") + "'" for part in re.findall(r'"[^"]*"|[^,]+', value))
        return f"{sql} IN ({quoted})".replace('"', "")

    def _rendered(self, sql: str, view: str) -> str:
        """SQL of a view with Liquid and `${}` resolved."""
        self._used.add(view)
        sql = CONDITION.sub(lambda match: self._templated(self._own(match[1], view), match[2]), sql)
        sql = END_OF_PERIOD.sub(lambda match: self._end(match[1], self._own(match[2], view)), sql)
        sql = Environment().from_string(sql).render(**self._liquid())
        return re.sub(r"\$\{([\w.]+)\}", lambda match: self._reference(match[1], view), sql).strip()

    def _templated(self, name: str, sql: str) -> str:
        return self._condition(self._field(name), sql, self.filters[name]) if name in self.filters else "1=1"

    def _end(self, which: str, name: str) -> str:
        if name not in self.filters:
            return "NULL"
        return f"TO_TIMESTAMP('{PERIOD.fullmatch(self.filters[name])[1 if which == 'start' else 2]}')"

    @staticmethod
    def _own(name: str, view: str) -> str:
        return name if "." in name else f"{view}.{name}"

    def _reference(self, name: str, view: str) -> str:
        if name == "TABLE":
            return view
        name = self._own(name, view)
        return self._measure(name) if self._field(name)["kind"] == "measure" else f"({self._plain(name)})"

    def _liquid(self) -> dict:
        context: dict = {"_user_attributes": {"locale": self.locale}}
        for name, view in self._views.items():
            context[name] = {
                one["name"]: {"_parameter_value": self.filters.get(f"{name}.{one['name']}", one.get("default_value"))}
                for one in view.of_kind("parameter")
            }
        return context
