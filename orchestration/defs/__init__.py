"""What Dagster runs, a folder for each concern."""
