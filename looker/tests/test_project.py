"""What Looker would only tell after a deploy: names that lead nowhere, columns that dbt does not promise, fields nobody can understand."""

import re

import lkml

FIELD = re.compile(r"\b([a-z_]+\.[a-z_]+)\b")


def dashboard_fields(element: dict) -> set[str]:
    sorts = [sort.split(" ")[0] for sort in element.get("sorts", [])]
    listens = element.get("listen", {}).values()
    return {*element.get("fields", []), *element.get("fill_fields", []), *sorts, *element.get("filters", {}), *listens}


def test_every_file_parses(project):
    assert len(project.files) > 8
    for file in project.files:
        assert lkml.load(file.read_text()), f"{file} holds nothing"
    assert project.dashboards.keys() == {"invoice_revenue"}


def test_every_column_is_in_the_contract_of_dbt(project, contract):
    used = 0
    for view in project.views.values():
        assert view.table in contract, f"view {view.name} reads {view.table}, which dbt does not build"
        for sql in view.sql():
            columns = {column.lower() for column in re.findall(r"\$\{TABLE\}\.(\w+)", sql)}
            assert columns, f"{view.name}: {sql} names no column"
            assert columns <= contract[view.table], (
                f"{view.name}: {columns - contract[view.table]} is not in {view.table}"
            )
            used += len(columns)
    assert used > 80


def test_the_lineage_of_dbt_names_the_tables_that_are_read(project, exposure):
    assert {view.table for view in project.views.values()} == exposure


def test_sql_names_columns_only_through_their_table(project):
    for view in project.views.values():
        for sql in view.sql():
            bare = re.sub(r"\$\{TABLE\}\.\w+|'[^']*'", "", sql).lower()
            words = set(re.findall(r"[a-z_]+", bare)) - {
                "and",
                "cast",
                "convert_timezone",
                "current_timestamp",
                "as",
                "date",
            }
            assert words == set(), f"{view.name}: {words} in {sql}"


def test_every_reference_leads_to_a_field(project):
    for view in project.views.values():
        for definition in view.definitions():
            for condition in definition.get("filters__all", []):
                for name in (key for one in condition for key in one):
                    assert name in view.fields, f"{view.name}.{definition['name']} filters by {name}"
            for name in definition.get("drill_fields", []):
                assert name in view.fields or name.removesuffix("*") in view.sets, (
                    f"{view.name}.{definition['name']} drills to {name}"
                )
            for link in definition.get("links", []):
                assert project.model_name in link["url"] and FIELD.findall(link["url"])
                for name in FIELD.findall(link["url"]):
                    assert project.has_field(name), f"{view.name}.{definition['name']} links to {name}"
        for one in view.raw.get("sets", []):
            assert set(one["fields"]) <= view.fields, f"set {view.name}.{one['name']}"


def test_every_explore_has_its_view_and_every_view_its_explore(project):
    assert project.explores.keys() == project.views.keys()


def test_the_whole_model_is_included_and_kept_until_dbt_has_built_anew(project, contract):
    model = project.model
    assert {include.split("/")[1] for include in model["includes"]} == {"views", "explores", "dashboards", "data_tests"}
    (datagroup,) = model["datagroups"]
    assert model["persist_with"] == datagroup["name"]
    trigger = project.with_constants(datagroup["sql_trigger"])
    column, table = re.fullmatch(r"SELECT MAX\((\w+)\) FROM SEVDESK\.ANALYTICS\.(\w+)", trigger.strip()).groups()
    assert column in contract[table]


def test_every_visible_field_says_what_it_is(project):
    for view in project.views.values():
        for definition in view.definitions():
            name = f"{view.name}.{definition['name']}"
            assert definition.get("label") and definition.get("description"), f"{name} lacks a label or a description"


def test_money_is_shown_in_euro_with_cents(project):
    for view in project.views.values():
        for measure in view.raw["measures"]:
            if measure["name"].endswith("_amount"):
                assert measure["value_format_name"] == "eur", f"{view.name}.{measure['name']}"
                assert measure["drill_fields"], f"{view.name}.{measure['name']} leads nowhere"


def test_every_field_of_a_dashboard_is_in_the_view_of_its_explore(project):
    for dashboard in project.dashboards.values():
        names = {one["name"] for one in dashboard["filters"]}
        for element in dashboard["elements"]:
            assert element["model"] == project.model_name
            assert element["explore"] in project.explores
            for name in dashboard_fields(element):
                assert project.has_field(name), f"{element['name']}: there is no field {name}"
                assert name.startswith(f"{element['explore']}."), f"{element['name']}: {name} is not in its explore"
            assert set(element.get("listen", {})) <= names, f"{element['name']} listens to a filter that is not there"
        for one in dashboard["filters"]:
            if one["type"] == "field_filter":
                assert project.has_field(one["field"]) and one["explore"] in project.explores


def test_the_dashboard_has_what_was_asked_for_and_nothing_overlaps(project):
    elements = {one["name"]: one for one in project.dashboards["invoice_revenue"]["elements"]}
    assert elements["ranking_by_country"]["title"] == "Invoice Revenue Ranking by Country"
    assert {"ranking_by_city", "trend_by_month", "open_and_overdue", "data_age"} <= elements.keys()
    (rule,) = elements["data_age"]["conditional_formatting"]
    assert str(rule["value"]) == project.constants["MAX_AGE_MINUTES"], "the tile and the constant differ"
    taken: dict[tuple[int, int], str] = {}
    for name, one in elements.items():
        assert one["col"] + one["width"] <= 24
        for place in [
            (row, col)
            for row in range(one["row"], one["row"] + one["height"])
            for col in range(one["col"], one["col"] + one["width"])
        ]:
            assert taken.setdefault(place, name) == name, f"{name} lies over {taken[place]}"


def test_data_tests_ask_for_fields_that_exist(project):
    assert len(project.data_tests) >= 4
    for test in project.data_tests.values():
        source = test["explore_source"]
        columns = {f"{source['name']}.{column['name']}" for column in source["columns"]}
        asked = {name for one in test["asserts"] for name in re.findall(r"\$\{([\w.]+)\}", one["expression"])}
        assert asked and asked <= columns, f"{test['name']} asserts on {asked - columns}"
        for name in columns:
            assert project.has_field(name), f"{test['name']}: there is no field {name}"
