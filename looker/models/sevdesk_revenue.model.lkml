connection: "@{CONNECTION_NAME}"
label: "Invoice revenue"
week_start_day: monday
case_sensitive: no

include: "/views/*.view.lkml"
include: "/explores/*.explore.lkml"
include: "/dashboards/*.dashboard.lookml"
include: "/data_tests/*.lkml"

# Answers are kept until dbt has built the marts anew, and for a day at most.
datagroup: marts_refreshed {
  label: "Marts refreshed"
  description: "Triggers when dbt has built ANALYTICS anew."
  sql_trigger: SELECT MAX(refreshed_at) FROM @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_COUNTRY ;;
  max_cache_age: "24 hours"
}

persist_with: marts_refreshed
