"""The dbt project as assets, its tests as asset checks."""
