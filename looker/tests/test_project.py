"""What Looker would only tell after a deploy: names that lead nowhere, columns that dbt does not promise, texts that lack a translation."""

import re

import lkml

FIELD = re.compile(r"\b([a-z_]+\.[a-z_]+)\b")


def tile_fields(element: dict) -> set[str]:
    sorts = [sort.split(" ")[0] for sort in element.get("sorts", [])]
    listens = element.get("listen", {}).values()
    return {*element.get("fields", []), *element.get("fill_fields", []), *sorts, *element.get("filters", {}), *listens}


def test_every_file_parses_and_is_included(project):
    assert len(project.files) > 8
    for file in project.files:
        assert lkml.load(file.read_text()), f"{file} holds nothing"
    assert project.dashboards.keys() == {"invoice_revenue"}
    assert {include.split("/")[1] for include in project.model["includes"]} == {
        "views",
        "explores",
        "dashboards",
        "data_tests",
    }


def test_every_column_is_in_the_contract_of_dbt(project, contract):
    used = 0
    for view in project.views.values():
        tables = re.findall(r"SEVDESK\.ANALYTICS\.(\w+)", view.source)
        assert tables and contract.keys() >= set(tables), f"view {view.name} reads {tables}, which dbt does not build"
        if view.source.startswith("("):
            # its columns are run on the warehouse by the tests of the tiles
            continue
        for one in view.fields.values():
            columns = {column.lower() for column in re.findall(r"\$\{TABLE\}\.(\w+)", one.get("sql", ""))}
            assert columns <= contract[tables[0]], f"{view.name}.{one['name']}: {columns - contract[tables[0]]}"
            used += len(columns)
    assert used > 40


def test_the_lineage_of_dbt_names_the_tables_that_are_read(project, exposure):
    read = {table for view in project.views.values() for table in re.findall(r"ANALYTICS\.(\w+)", view.source)}
    assert read == exposure


def test_every_reference_leads_to_a_field(project):
    for view in project.views.values():
        in_explore = project.views_of("revenue") if view.name in project.views_of("revenue") else {view.name: view}
        for one in view.fields.values():
            for condition in one.get("filters__all", []):
                for name in (key for pair in condition for key in pair):
                    assert name in view.fields, f"{view.name}.{one['name']} filters by {name}"
            for name in one.get("drill_fields", []):
                known = name in view.fields or name.removesuffix("*") in view.sets
                assert known, f"{view.name}.{one['name']} drills to {name}"
            for link in one.get("links", []):
                assert "filterable_value" in link["url"], (
                    f"{view.name}.{one['name']}: a value with a comma would break it"
                )
                for name in FIELD.findall(link["url"]):
                    assert project.has_field("revenue", name), f"{view.name}.{one['name']} links to {name}"
        for names in view.sets.values():
            for name in names:
                owner, _, bare = name.rpartition(".")
                fields = in_explore[owner].fields if owner else view.fields
                assert bare in fields, f"a set of {view.name} names {name}"


def test_every_view_has_one_key_and_every_join_says_how_many(project):
    for view in project.views.values():
        keys = [one["name"] for one in view.of_kind("dimension") if one.get("primary_key") == "yes"]
        assert len(keys) == 1, f"{view.name} has the keys {keys}"
    joins = [join for explore in project.explores.values() for join in explore.get("joins", [])]
    assert joins
    for join in joins:
        # Neither multiplies rows, so that sums stay what they are.
        assert join["relationship"] in ("many_to_one", "one_to_one") and join["type"] == "left_outer", join["name"]


def test_a_join_finds_one_row_at_most(project, platform):
    for explore in project.explores:
        for name, view in project.views_of(explore).items():
            (key,) = [one["sql"] for one in view.of_kind("dimension") if one.get("primary_key") == "yes"]
            key = key.replace("${TABLE}", name)
            ((rows, keys),) = platform.query(f"select count(*), count(distinct {key}) from {view.source} as {name}")
            assert rows == keys, f"{key} is not a key of {view.name}"


def test_customers_are_behind_the_grant_and_on_no_tile(project):
    grants = {grant["name"] for grant in project.model["access_grants"]}
    invoices = project.views["invoices_summary"].fields
    personal = {name for name in invoices if re.search("contact|customer", name)}
    assert len(personal) == 2
    for name in personal:
        assert set(invoices[name]["required_access_grants"]) <= grants and invoices[name]["required_access_grants"]
    for tile in project.dashboards["invoice_revenue"]["elements"]:
        assert not {f"invoices_summary.{name}" for name in personal} & tile_fields(tile), (
            f"{tile['name']} fails without the grant"
        )


def test_places_are_text_and_countries_are_on_the_map(project):
    for view in project.views.values():
        for one in view.fields.values():
            assert one.get("type") != "zipcode", f"{view.name}.{one['name']} would be looked for in the United States"
    assert project.views["countries"].fields["country_name_en"]["map_layer_name"] == "countries"


def test_everything_that_is_shown_is_in_english_and_german(project):
    english, german = project.texts["en"], project.texts["de"]
    assert english.keys() == german.keys() == project.translatable
    assert all(key == text for key, text in english.items())
    same = {key for key in english if german[key] == key}
    assert len(same) <= 1, f"not translated: {same}"
    settings = project.manifest["localization_settings"]
    assert settings["default_locale"] == "en"


def test_every_visible_field_says_what_it_is(project):
    for view in project.views.values():
        for one in view.fields.values():
            if one.get("hidden") != "yes":
                assert one.get("label") and one.get("description"), f"{view.name}.{one['name']}"
                assert one["kind"] != "dimension_group"


def test_money_is_in_euro_and_leads_to_its_documents(project):
    for view in project.views.values():
        for one in view.of_kind("measure"):
            if one["type"] == "sum" and one["name"].endswith("_amount"):
                assert one["value_format"] == project.constants["EURO"], f"{view.name}.{one['name']}"


def test_no_number_or_zone_is_written_twice(project):
    written = {file: file.read_text() for file in project.files if file.name != "manifest.lkml"}
    for value in (project.constants["MAX_AGE_MINUTES"], project.constants["EURO"], "CONVERT_TIMEZONE", "SEVDESK."):
        assert not [file.name for file, text in written.items() if value in text], f"{value} has a constant"


def test_caches_follow_the_marts_and_the_loads(project, contract):
    groups = {one["name"]: one for one in project.model["datagroups"]}
    assert project.model["persist_with"] == "marts_refreshed"
    assert project.explores["pipeline_health"]["persist_with"] == "data_loaded"
    for group in groups.values():
        column, table = re.fullmatch(
            r"SELECT MAX\((\w+)\) FROM SEVDESK\.ANALYTICS\.(\w+)", group["sql_trigger"].strip()
        ).groups()
        assert column in contract[table]


def test_aggregate_tables_hold_fields_of_the_explore_that_do_not_age(project):
    tables = project.refinements["revenue"]["aggregate_tables"]
    assert len(tables) == 2
    for table in tables:
        (query,) = table["queries"]
        fields = [name if "." in name else f"revenue.{name}" for name in [*query["dimensions"], *query["measures"]]]
        assert all(project.has_field("revenue", name) for name in fields), table["name"]
        assert not [name for name in fields if "overdue" in name or "period" in name], table["name"]
        assert table["materialization"]["datagroup_trigger"] == "marts_refreshed"


def test_every_tile_asks_for_fields_of_its_explore(project):
    for dashboard in project.dashboards.values():
        names = {one["name"] for one in dashboard["filters"]}
        for tile in dashboard["elements"]:
            assert tile["model"] == project.model_name
            for name in tile_fields(tile):
                assert project.has_field(tile["explore"], name), f"{tile['name']}: there is no field {name}"
            assert set(tile.get("listen", {})) <= names, f"{tile['name']} listens to a filter that is not there"
        for one in dashboard["filters"]:
            assert project.has_field(one["explore"], one["field"])


def test_the_filters_reach_every_tile_of_the_revenue_explore(project):
    dashboard = project.dashboards["invoice_revenue"]
    names = {one["name"] for one in dashboard["filters"]}
    tiles = [one for one in dashboard["elements"] if one["explore"] == "revenue"]
    assert len(tiles) >= 10
    for tile in tiles:
        if tile["name"] != "documents_not_counted":
            assert tile["listen"].keys() == names, tile["name"]


def test_the_dashboard_has_what_was_asked_for_and_nothing_overlaps(project):
    elements = {one["name"]: one for one in project.dashboards["invoice_revenue"]["elements"]}
    assert elements["ranking_by_country"]["title"] == "Invoice Revenue Ranking by Country"
    assert {
        "ranking_by_city",
        "trend_by_month",
        "open_and_overdue",
        "data_age",
        "documents_not_counted",
    } <= elements.keys()
    taken: dict[tuple[int, int], str] = {}
    for name, one in elements.items():
        assert one["col"] + one["width"] <= 24
        for row in range(one["row"], one["row"] + one["height"]):
            for col in range(one["col"], one["col"] + one["width"]):
                assert taken.setdefault((row, col), name) == name, f"{name} lies over {taken[row, col]}"
