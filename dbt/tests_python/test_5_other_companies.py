"""The figures of four more companies, small ones that end on other days, against figures that were computed without dbt."""

import pytest

from local_platform import LocalPlatform
from test_1_figures import (
    assert_city_ranking_is_right,
    assert_country_ranking_is_right,
    assert_months_are_right,
    assert_open_amounts_are_right,
)


@pytest.mark.parametrize(
    ("seed", "today"), [(2, "2026-12-31"), (3, "2027-01-01"), (44, "2027-03-01"), (77, "2026-10-31")]
)
def test_every_figure_of_another_company_is_right_to_the_cent(tmp_path, seed, today):
    platform = LocalPlatform(tmp_path, invoices=260, seed=seed, today=today)
    try:
        platform.extract_and_load()
        built = platform.dbt("build", "--exclude-resource-type", "unit_test", "--exclude-resource-type", "test")
        assert built.code == 0, built.output[-5000:]
        assert_city_ranking_is_right(platform)
        assert_country_ranking_is_right(platform)
        assert_months_are_right(platform)
        assert_open_amounts_are_right(platform)
    finally:
        platform.stop()
