view: pipeline_health {
  sql_table_name: @{DATABASE}.@{SCHEMA}.PIPELINE_HEALTH ;;
  label: "Age of the data"

  dimension: stage_and_table {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.stage || '.' || ${TABLE}.table_name ;;
  }

  dimension: stage_order {
    type: number
    label: "Stage order"
    description: "1 RAW, 2 STAGING, 3 DBT, 4 ANALYTICS."
    sql: ${TABLE}.stage_order ;;
  }

  dimension: stage {
    type: string
    label: "Stage"
    description: "Schema of the stage."
    sql: ${TABLE}.stage ;;
  }

  dimension: table_name {
    type: string
    label: "Table"
    description: "Name of the table or view."
    sql: ${TABLE}.table_name ;;
  }

  dimension: newest_update {
    type: date_time
    label: "Newest change"
    description: "The newest change in sevDesk that the table contains."
    sql: ${TABLE}.newest_update ;;
  }

  dimension: data_as_of {
    type: date_time
    label: "Data as of"
    description: "Every change in sevDesk up to this time is included. Empty without a load ledger."
    sql: ${TABLE}.data_as_of ;;
  }

  measure: rows_held {
    type: sum
    label: "Rows"
    description: "Number of rows."
    sql: ${TABLE}.row_count ;;
    value_format_name: decimal_0
  }

  measure: age_minutes {
    type: max
    label: "Age of the data in minutes"
    description: "Minutes since the oldest of the tables was complete. Red if the data is outdated."
    sql: ${TABLE}.age_minutes ;;
    value_format: "#,##0 \"min\""
    html:
      {% if value == nil %}?
      {% elsif value > @{MAX_AGE_MINUTES} %}<span style="color: #b3201a; font-weight: bold">{{ rendered_value }}</span>
      {% else %}{{ rendered_value }}{% endif %} ;;
    drill_fields: [stage, table_name, data_as_of, newest_update, rows_held]
  }
}
