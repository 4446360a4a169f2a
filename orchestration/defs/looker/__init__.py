"""What people look at: the dashboard, and Looker's explores and dashboards."""
