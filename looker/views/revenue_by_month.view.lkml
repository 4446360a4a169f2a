# What each month reported. A closed month keeps its figures here; `revenue` shows what its documents add up to today.
view: revenue_by_month {
  sql_table_name: @{DATABASE}.@{SCHEMA}.REVENUE_BY_MONTH ;;
  label: "Reported months"

  dimension: month_and_country {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.revenue_month || '/' || ${TABLE}.country_code ;;
  }

  dimension: reported_month {
    type: date_month
    datatype: date
    convert_tz: no
    label: "Reported month"
    description: "Month of the invoice date."
    sql: ${TABLE}.revenue_month ;;
  }

  dimension: country_code {
    type: string
    label: "Country code"
    description: "ISO 3166 code of two letters; ZZ if unknown."
    sql: ${TABLE}.country_code ;;
  }

  dimension: is_closed {
    type: yesno
    label: "Is closed"
    description: "Closed months keep the figures they reported."
    sql: ${TABLE}.is_closed ;;
  }

  measure: reported_amount {
    type: sum
    label: "Reported revenue"
    description: "Gross revenue as reported."
    sql: ${TABLE}.total_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [details*]
  }

  measure: reported_net_amount {
    type: sum
    label: "Reported revenue, net"
    description: "Net revenue as reported."
    sql: ${TABLE}.net_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [details*]
  }

  measure: restated_amount {
    type: sum
    label: "Restated"
    description: "Difference between today's documents and what was reported."
    sql: ${TABLE}.restated_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [details*]
  }

  set: details {
    fields: [reported_month, country_code, is_closed, reported_amount, restated_amount]
  }
}
