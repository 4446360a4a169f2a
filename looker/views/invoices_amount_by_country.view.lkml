view: invoices_amount_by_country {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_COUNTRY ;;
  label: "Ranking by country"

  dimension: country_code {
    type: string
    label: "Country code"
    description: "ISO 3166 code of two letters; ZZ when unknown."
    sql: ${TABLE}.country_code ;;
    primary_key: yes
  }

  dimension: country_name_en {
    type: string
    label: "Country"
    description: "Name of the country in English."
    sql: ${TABLE}.country_name_en ;;
    map_layer_name: countries
    link: {
      label: "Invoices of this country"
      url: "/explore/sevdesk_revenue/invoices_summary?fields=invoices_summary.invoice_number,invoices_summary.invoice_date,invoices_summary.due_date,invoices_summary.contact_name,invoices_summary.city,invoices_summary.country_name_en,invoices_summary.invoice_status,invoices_summary.invoice_amount,invoices_summary.open_amount&f[invoices_summary.country_name_en]={{ value | url_encode }}"
    }
  }

  dimension: country_name_de {
    type: string
    label: "Land"
    description: "Name of the country in German."
    sql: ${TABLE}.country_name_de ;;
  }

  dimension: rank_overall {
    type: number
    label: "Rank"
    description: "Rank by revenue, 1 is the largest; equal totals share a rank."
    sql: ${TABLE}.rank_overall ;;
  }

  dimension: share_of_total {
    type: number
    label: "Share"
    description: "Part of the revenue of all countries."
    sql: ${TABLE}.share_of_total ;;
    value_format_name: percent_1
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

  measure: paid_amount {
    type: sum
    label: "Paid"
    description: "Paid so far on the invoices that stand."
    sql: ${TABLE}.paid_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: share {
    type: sum
    label: "Share of revenue"
    description: "Part of the revenue of all countries; 100 % when nothing is filtered."
    sql: ${TABLE}.share_of_total ;;
    value_format_name: percent_1
  }

  set: details {
    fields: [rank_overall, country_name_en, total_amount, invoiced_amount, credited_amount, open_amount, invoice_count]
  }
}
