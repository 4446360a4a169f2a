view: invoices_amount_by_city {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_CITY ;;
  label: "Ranking by city"

  dimension: place {
    primary_key: yes
    hidden: yes
    type: string
    label: "Place"
    description: "Country and city: a name of a city can occur in several countries."
    sql: ${TABLE}.country_code || '/' || ${TABLE}.city ;;
  }

  dimension: city {
    type: string
    label: "City"
    description: "The city, districts and spellings grouped; Unknown for what could not be placed."
    sql: ${TABLE}.city ;;
    link: {
      label: "Invoices of this city"
      url: "/explore/sevdesk_revenue/invoices_summary?fields=invoices_summary.invoice_number,invoices_summary.invoice_date,invoices_summary.due_date,invoices_summary.contact_name,invoices_summary.city,invoices_summary.country_name_en,invoices_summary.invoice_status,invoices_summary.invoice_amount,invoices_summary.open_amount&f[invoices_summary.city]={{ value | url_encode }}"
    }
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

  dimension: rank_overall {
    type: number
    label: "Rank"
    description: "Rank by revenue among all cities, 1 is the largest; equal totals share a rank."
    sql: ${TABLE}.rank_overall ;;
  }

  dimension: rank_in_country {
    type: number
    label: "Rank in its country"
    description: "Rank by revenue among the cities of its country."
    sql: ${TABLE}.rank_in_country ;;
  }

  dimension: share_of_total {
    type: number
    label: "Share"
    description: "Part of the revenue of all cities."
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

  measure: city_count {
    type: count
    label: "Cities"
    description: "Cities with revenue; Unknown counts once per country."
    drill_fields: [details*]
  }

  set: details {
    fields: [rank_overall, city, country_name_en, total_amount, invoiced_amount, credited_amount, open_amount, invoice_count]
  }
}
