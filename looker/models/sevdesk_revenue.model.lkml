connection: "@{CONNECTION_NAME}"
label: "Invoice revenue"
week_start_day: monday
case_sensitive: no

include: "/views/*.view.lkml"
include: "/explores/*.explore.lkml"
include: "/dashboards/*.dashboard.lookml"
include: "/data_tests/*.lkml"

# Results are cached until dbt has rebuilt the marts, and for a day at most.
datagroup: marts_refreshed {
  label: "Marts refreshed"
  description: "Triggers when dbt has rebuilt ANALYTICS."
  sql_trigger: SELECT MAX(refreshed_at) FROM @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_COUNTRY ;;
  max_cache_age: "24 hours"
}

# The age of the data moves with each load, whether or not dbt had anything to build, and grows every minute.
datagroup: data_loaded {
  label: "Data loaded"
  description: "Triggers when a load has moved the time up to which the data is complete."
  sql_trigger: SELECT MAX(data_as_of) FROM @{DATABASE}.@{SCHEMA}.PIPELINE_HEALTH ;;
  max_cache_age: "1 minute"
}

persist_with: marts_refreshed

# Customer names are personal data: only users whose attribute `sevdesk_customers` is "yes" see them.
access_grant: can_see_customers {
  user_attribute: sevdesk_customers
  allowed_values: ["yes"]
}
