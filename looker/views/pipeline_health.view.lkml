view: pipeline_health {
  sql_table_name: @{DATABASE}.@{SCHEMA}.PIPELINE_HEALTH ;;
  label: "Age of the data"

  dimension: stage_and_table {
    primary_key: yes
    hidden: yes
    type: string
    label: "Stage and table"
    description: "What a row stands for."
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

  dimension_group: newest_update {
    type: time
    label: "Newest change"
    description: "The newest change in sevDesk that the table holds."
    timeframes: [raw, time, hour, date]
    datatype: timestamp
    sql: ${TABLE}.newest_update ;;
  }

  dimension_group: data_as_of {
    type: time
    label: "Data as of"
    description: "All changes in sevDesk up to this time are in it. Empty when the loader keeps no ledger."
    timeframes: [raw, time, hour, date]
    datatype: timestamp
    sql: ${TABLE}.data_as_of ;;
  }

  measure: rows_held {
    type: sum
    label: "Rows"
    description: "Rows of the tables."
    sql: ${TABLE}.row_count ;;
    value_format_name: decimal_0
  }

  measure: age_minutes {
    type: max
    label: "Age of the data in minutes"
    description: "Minutes since everything in sevDesk was in the oldest of the tables. Red when the figures are outdated."
    sql: ${TABLE}.age_minutes ;;
    value_format: "#,##0 \"min\""
    html:
      {% if value == nil %}unknown
      {% elsif value > @{MAX_AGE_MINUTES} %}<span style="color: #b3201a; font-weight: bold">{{ rendered_value }}: outdated</span>
      {% else %}{{ rendered_value }}{% endif %} ;;
    drill_fields: [stage, table_name, data_as_of_time, newest_update_time, rows_held]
  }
}
