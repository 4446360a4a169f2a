view: revenue_by_month {
  sql_table_name: @{DATABASE}.@{SCHEMA}.REVENUE_BY_MONTH ;;
  label: "Revenue by month"

  dimension: month_and_country {
    primary_key: yes
    hidden: yes
    type: string
    label: "Month and country"
    description: "What a row stands for."
    sql: ${TABLE}.revenue_month || '/' || ${TABLE}.country_code ;;
  }

  dimension_group: revenue {
    type: time
    label: "Revenue"
    description: "Month of the documents."
    timeframes: [date, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.revenue_month ;;
  }

  dimension: country_code {
    type: string
    label: "Country code"
    description: "ISO 3166 code of two letters; ZZ when unknown."
    sql: ${TABLE}.country_code ;;
  }

  dimension: country_name_en {
    type: string
    label: "Country"
    description: "Name of the country in English."
    sql: ${TABLE}.country_name_en ;;
    map_layer_name: countries
  }

  dimension: country_name_de {
    type: string
    label: "Land"
    description: "Name of the country in German."
    sql: ${TABLE}.country_name_de ;;
  }

  dimension_group: data_as_of {
    type: time
    label: "Data as of"
    description: "All changes in sevDesk up to this time are in the figures. Empty when the loader keeps no ledger."
    timeframes: [raw, time, hour, date]
    datatype: timestamp
    sql: ${TABLE}.data_as_of ;;
  }

  dimension_group: refreshed {
    type: time
    label: "Tables built"
    description: "When dbt built this table. It says nothing of how old the data is."
    timeframes: [raw, time, hour, date]
    datatype: timestamp
    sql: ${TABLE}.refreshed_at ;;
  }

  measure: total_amount {
    type: sum
    label: "Revenue"
    description: "Invoiced less credited, gross, in euro. The ranked figure."
    sql: ${TABLE}.total_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: invoiced_amount {
    type: sum
    label: "Invoiced"
    description: "Gross sum of counted invoices, less what cancellations took back."
    sql: ${TABLE}.invoiced_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: credited_amount {
    type: sum
    label: "Credited"
    description: "Gross sum of credit notes that reduce revenue."
    sql: ${TABLE}.credited_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: net_amount {
    type: sum
    label: "Revenue, net"
    description: "The same total without tax."
    sql: ${TABLE}.net_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: open_amount {
    type: sum
    label: "Open"
    description: "What is still to be paid."
    sql: ${TABLE}.open_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: invoice_count {
    type: sum
    label: "Invoices"
    description: "Invoices that stand; cancellations and what they cancel are not counted."
    sql: ${TABLE}.invoice_count ;;
    value_format_name: decimal_0
    drill_fields: [details*]
  }

  set: details {
    fields: [revenue_month, country_name_en, total_amount, invoiced_amount, credited_amount, invoice_count]
  }
}
