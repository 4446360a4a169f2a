# What is known of invoices only: payment, due date, customer. Amounts that credit notes share are in `revenue`.
view: invoices_summary {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_SUMMARY ;;
  label: "Invoice"

  dimension: invoice_id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.invoice_id ;;
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
    description: "RE invoice, TR part invoice, AR advance invoice, ER final invoice, SR cancellation."
    sql: ${TABLE}.invoice_type ;;
  }

  dimension: invoice_status {
    type: string
    label: "Payment status"
    description: "open, partially_paid or paid."
    sql: ${TABLE}.invoice_status ;;
  }

  dimension: due_date {
    type: date
    datatype: date
    convert_tz: no
    group_label: "Due date"
    group_item_label: "Day"
    label: "Due date"
    description: "Invoice date plus payment term."
    sql: ${TABLE}.due_date ;;
  }

  dimension: due_month {
    type: date_month
    datatype: date
    convert_tz: no
    group_label: "Due date"
    group_item_label: "Month"
    label: "Due month"
    description: "Month of the due date."
    sql: ${TABLE}.due_date ;;
  }

  dimension: customer_number {
    required_access_grants: [can_see_customers]
    type: string
    label: "Customer number"
    description: "The customer's number in sevDesk."
    sql: ${TABLE}.customer_number ;;
  }

  dimension: contact_name {
    required_access_grants: [can_see_customers]
    type: string
    label: "Customer"
    description: "Name of the company or person."
    sql: ${TABLE}.contact_name ;;
    link: {
      label: "Documents of {{ value }}"
      url: "/explore/sevdesk_revenue/revenue?fields=@{DOCUMENT_FIELDS}&f[invoices_summary.contact_name]={{ filterable_value | url_encode }}@{KEPT_FILTERS}"
    }
  }

  # Text, not `type: zipcode`: that type puts a postal code of any country on a map of the United States.
  dimension: zip {
    type: string
    label: "Postal code"
    description: "Postal code of the city."
    sql: ${TABLE}.zip ;;
  }

  dimension: amount_source {
    type: string
    label: "Source of the euro amount"
    description: "sevDesk's own amount, or the document's amount at the ECB's rate."
    sql: ${TABLE}.amount_source ;;
  }

  dimension: exchange_rate {
    type: number
    label: "Exchange rate"
    description: "Units of the currency per euro. Empty if no rate was needed."
    sql: ${TABLE}.exchange_rate ;;
    value_format: "0.000000"
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
    description: "Yes if an amount is still to be paid."
    sql: ${TABLE}.open_amount_eur > 0 ;;
  }

  dimension: is_overdue {
    type: yesno
    label: "Is overdue"
    description: "Yes if an amount is still to be paid and the due date has passed in Europe/Berlin."
    sql: ${TABLE}.open_amount_eur > 0 AND ${TABLE}.due_date < @{TODAY} ;;
  }

  measure: tax_amount {
    type: sum
    label: "Tax on invoices"
    description: "Gross less net of the invoices, before credit notes."
    sql: ${TABLE}.tax_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [invoices*]
  }

  measure: overdue_amount {
    type: sum
    label: "Overdue"
    description: "Amount still to be paid after its due date."
    sql: ${TABLE}.open_amount_eur ;;
    filters: [is_overdue: "yes"]
    value_format: "@{EURO}"
    drill_fields: [invoices*]
  }

  measure: overdue_count {
    type: count
    label: "Overdue invoices"
    description: "Number of invoices with an overdue amount."
    filters: [is_overdue: "yes"]
    drill_fields: [invoices*]
  }

  set: invoices {
    fields: [invoice_number, due_date, contact_name, invoice_status, overdue_amount]
  }
}
