view: invoices_summary {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_SUMMARY ;;
  label: "Invoices"

  dimension: invoice_id {
    type: string
    label: "Invoice id"
    description: "The id of the invoice in sevDesk."
    sql: ${TABLE}.invoice_id ;;
    primary_key: yes
    hidden: yes
  }

  dimension: invoice_number {
    type: string
    label: "Invoice number"
    description: "The number printed on the invoice."
    sql: ${TABLE}.invoice_number ;;
  }

  dimension: invoice_type {
    type: string
    label: "Invoice type"
    description: "RE invoice, TR partial, AR advance, ER final, SR cancellation."
    sql: ${TABLE}.invoice_type ;;
  }

  dimension: invoice_status {
    type: string
    label: "Payment"
    description: "open, partially_paid or paid."
    sql: ${TABLE}.invoice_status ;;
  }

  dimension_group: invoice {
    type: time
    label: "Invoice"
    description: "Date of the invoice in the calendar of the books (Europe/Berlin)."
    timeframes: [date, week, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.invoice_date ;;
  }

  dimension_group: due {
    type: time
    label: "Due"
    description: "Invoice date plus days to pay."
    timeframes: [date, week, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.due_date ;;
  }

  dimension: customer_number {
    type: string
    label: "Customer number"
    description: "The number of the customer in sevDesk."
    sql: ${TABLE}.customer_number ;;
  }

  dimension: contact_name {
    type: string
    label: "Customer"
    description: "Name of the company or person."
    sql: ${TABLE}.contact_name ;;
  }

  dimension: city {
    type: string
    label: "City"
    description: "City that the invoice is ranked under; Unknown when none could be found."
    sql: ${TABLE}.city ;;
  }

  dimension: zip {
    type: zipcode
    label: "Postal code"
    description: "Postal code that goes with the city."
    sql: ${TABLE}.zip ;;
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

  dimension: currency {
    type: string
    label: "Currency"
    description: "Currency that the invoice is written in; all sums are in euro."
    sql: ${TABLE}.currency ;;
  }

  dimension: amount_source {
    type: string
    label: "Amount source"
    description: "Where the euro amount came from: sevdesk_sum, ecb_rate or account_sum_at_ecb_rate."
    sql: ${TABLE}.amount_source ;;
  }

  dimension: exchange_rate {
    type: number
    label: "Exchange rate"
    description: "Units of the currency for one euro, where a rate was used."
    sql: ${TABLE}.exchange_rate ;;
    value_format: "0.000000"
  }

  dimension: counts_as_invoice {
    type: yesno
    label: "Counts as invoice"
    description: "No for cancellations and for what they cancel."
    sql: ${TABLE}.counts_as_invoice ;;
  }

  dimension: is_cancellation {
    type: yesno
    label: "Is cancellation"
    description: "Yes for cancellation invoices."
    sql: ${TABLE}.is_cancellation ;;
  }

  dimension: is_open {
    type: yesno
    label: "Is open"
    description: "Something is still to be paid."
    sql: ${TABLE}.open_amount_eur > 0 ;;
  }

  dimension: is_overdue {
    type: yesno
    label: "Is overdue"
    description: "Something is still to be paid and the due date has passed, by the calendar of the books."
    sql: ${TABLE}.open_amount_eur > 0 AND ${TABLE}.due_date < CAST(CONVERT_TIMEZONE('Europe/Berlin', CURRENT_TIMESTAMP()) AS DATE) ;;
  }

  dimension: invoice_amount {
    type: number
    label: "Amount"
    description: "Gross sum of the invoice in euro."
    sql: ${TABLE}.total_amount_eur ;;
    value_format_name: eur
  }

  measure: invoiced_amount {
    type: sum
    label: "Invoiced"
    description: "Gross sum in euro of what counts, less what cancellations took back. Credit notes are not taken off."
    sql: ${TABLE}.total_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: net_amount {
    type: sum
    label: "Invoiced, net"
    description: "The same without tax."
    sql: ${TABLE}.net_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: tax_amount {
    type: sum
    label: "Tax"
    description: "Gross less net."
    sql: ${TABLE}.tax_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: paid_amount {
    type: sum
    label: "Paid"
    description: "What was paid so far."
    sql: ${TABLE}.paid_amount_eur ;;
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

  measure: overdue_amount {
    type: sum
    label: "Overdue"
    description: "What is still to be paid and past its due date."
    sql: ${TABLE}.open_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
    filters: [is_overdue: "yes"]
  }

  measure: invoice_count {
    type: count
    label: "Invoices"
    description: "Invoices that stand; cancellations and what they cancel are not counted."
    filters: [counts_as_invoice: "yes"]
    drill_fields: [details*]
  }

  measure: overdue_count {
    type: count
    label: "Overdue invoices"
    description: "Invoices past their due date with something to pay."
    filters: [is_overdue: "yes"]
    drill_fields: [details*]
  }

  measure: row_count {
    type: count
    label: "Rows"
    description: "Rows of the table, cancellations and what they cancel included."
    hidden: yes
  }

  set: details {
    fields: [invoice_number, invoice_date, due_date, contact_name, city, country_name_en, invoice_status, currency, invoice_amount, open_amount]
  }
}
