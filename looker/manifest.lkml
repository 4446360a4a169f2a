project_name: "sevdesk_revenue"

# What differs between Looker instances. Override them in the importing project or, on a fork of one's own, here.
constant: CONNECTION_NAME {
  value: "sevdesk_snowflake"
  export: override_optional
}

constant: DATABASE {
  value: "SEVDESK"
  export: override_optional
}

constant: SCHEMA {
  value: "ANALYTICS"
  export: override_optional
}

# Figures older than this are red. The dashboard and the alerts of the platform use the same limit (DASHBOARD_MAX_AGE_MINUTES).
constant: MAX_AGE_MINUTES {
  value: "150"
  export: override_optional
}
