"""A Snowflake for one machine: the wire protocol, SQL and stages that the platform uses, kept in one DuckDB file."""
