# Every document that makes up revenue, and those that wait for a decision, one row each. What all tiles of the dashboard are asked from.
view: revenue {
  label: "Revenue"

  derived_table: {
    sql:
      SELECT
        'invoice' AS document_kind, invoice_id AS document_id, invoice_number AS document_number, invoice_date AS document_date, service_date,
        city, country_code, currency, total_amount_eur AS invoiced_amount_eur, 0 AS credited_amount_eur, total_amount_eur, net_amount_eur,
        CASE WHEN counts_as_invoice THEN paid_amount_eur ELSE 0 END AS paid_amount_eur, open_amount_eur, counts_as_invoice, TRUE AS is_counted,
        0 AS estimated_effect_eur
      FROM @{DATABASE}.@{SCHEMA}.INVOICES_SUMMARY
      UNION ALL
      SELECT
        'credit_note', credit_note_id, credit_note_number, credit_note_date, service_date,
        city, country_code, currency, 0, credited_amount_eur, -credited_amount_eur, -credited_net_amount_eur,
        0, 0, FALSE, TRUE,
        0
      FROM @{DATABASE}.@{SCHEMA}.CREDIT_NOTES_SUMMARY
      UNION ALL
      SELECT
        document_kind, document_id, MIN(document_number), MIN(document_date), MIN(document_date),
        MIN(city), MIN(country_code), MIN(currency), 0, 0, 0, 0,
        0, 0, FALSE, FALSE,
        SUM(estimated_effect_eur)
      FROM @{DATABASE}.@{SCHEMA}.INVOICES_TO_REVIEW
      WHERE NOT is_counted
      GROUP BY document_kind, document_id ;;
  }

  parameter: amount_basis {
    type: unquoted
    label: "Amounts"
    description: "Gross is with tax, net is without."
    default_value: "gross"
    allowed_value: { label: "Gross" value: "gross" }
    allowed_value: { label: "Net" value: "net" }
  }

  parameter: date_basis {
    type: unquoted
    label: "Date"
    description: "Books each document on its own date or on the day the service ended."
    default_value: "invoice"
    allowed_value: { label: "Invoice date" value: "invoice" }
    allowed_value: { label: "Service date" value: "service" }
  }

  filter: period {
    type: date
    datatype: date
    convert_tz: no
    label: "Period to compare"
    description: "Sets the period for the measures that compare. It removes no row: filter the revenue date to do that."
  }

  dimension: document_key {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.document_kind || '/' || ${TABLE}.document_id ;;
  }

  dimension: document_id {
    hidden: yes
    type: string
    sql: ${TABLE}.document_id ;;
  }

  dimension: document_kind {
    type: string
    label: "Document"
    description: "Invoice or credit note."
    sql: ${TABLE}.document_kind ;;
  }

  dimension: document_number {
    type: string
    label: "Document number"
    description: "The number printed on the document."
    sql: ${TABLE}.document_number ;;
  }

  # Dimensions instead of a dimension group: Looker does not translate the labels of groups.
  dimension: day {
    hidden: yes
    type: date_raw
    sql: {% if revenue.date_basis._parameter_value == 'service' %}${TABLE}.service_date{% else %}${TABLE}.document_date{% endif %} ;;
  }

  dimension: revenue_date {
    type: date
    datatype: date
    convert_tz: no
    group_label: "Revenue date"
    group_item_label: "Day"
    label: "Revenue date"
    description: "Invoice date or service date, in the Europe/Berlin calendar."
    sql: ${day} ;;
  }

  dimension: revenue_week {
    type: date_week
    datatype: date
    convert_tz: no
    group_label: "Revenue date"
    group_item_label: "Week"
    label: "Revenue week"
    description: "First day of the week, a Monday."
    sql: ${day} ;;
  }

  dimension: revenue_month {
    type: date_month
    datatype: date
    convert_tz: no
    group_label: "Revenue date"
    group_item_label: "Month"
    label: "Revenue month"
    description: "Month of the revenue date."
    sql: ${day} ;;
  }

  dimension: revenue_quarter {
    type: date_quarter
    datatype: date
    convert_tz: no
    group_label: "Revenue date"
    group_item_label: "Quarter"
    label: "Revenue quarter"
    description: "Quarter of the revenue date."
    sql: ${day} ;;
  }

  dimension: revenue_year {
    type: date_year
    datatype: date
    convert_tz: no
    group_label: "Revenue date"
    group_item_label: "Year"
    label: "Revenue year"
    description: "Year of the revenue date."
    sql: ${day} ;;
  }

  dimension: city {
    type: string
    label: "City"
    description: "City the document counts in. Spellings and districts are merged; Unknown if no city was found."
    sql: ${TABLE}.city ;;
  }

  # Names of cities repeat across countries. filterable_value quotes the comma, so that a filter takes the place as one value.
  dimension: place {
    type: string
    label: "City and country"
    description: "City with its country code. Use it to rank cities."
    sql: ${TABLE}.city || ', ' || ${TABLE}.country_code ;;
    link: {
      label: "Documents in {{ value }}"
      url: "/explore/sevdesk_revenue/revenue?fields=@{DOCUMENT_FIELDS}&f[revenue.place]={{ filterable_value | url_encode }}@{KEPT_FILTERS}"
    }
  }

  dimension: country_code {
    type: string
    label: "Country code"
    description: "ISO 3166 code of two letters; ZZ if unknown."
    sql: ${TABLE}.country_code ;;
  }

  dimension: currency {
    type: string
    label: "Currency"
    description: "Currency of the document. All amounts are in euro."
    sql: ${TABLE}.currency ;;
  }

  dimension: is_counted {
    type: yesno
    label: "Is counted"
    description: "No for documents that wait for a decision. They add nothing to any amount."
    sql: ${TABLE}.is_counted ;;
  }

  dimension: counts_as_invoice {
    hidden: yes
    type: yesno
    sql: ${TABLE}.counts_as_invoice ;;
  }

  dimension: lacks_a_name_or_day {
    hidden: yes
    type: yesno
    sql: ${TABLE}.is_counted AND (${countries.country_name_en} IS NULL OR ${TABLE}.city IS NULL OR ${TABLE}.document_date IS NULL OR ${TABLE}.service_date IS NULL) ;;
  }

  dimension: amount {
    hidden: yes
    type: number
    sql: {% if revenue.amount_basis._parameter_value == 'net' %}${TABLE}.net_amount_eur{% else %}${TABLE}.total_amount_eur{% endif %} ;;
  }

  measure: revenue_amount {
    type: sum
    label: "Revenue"
    description: "Invoices less credit notes in euro, gross or net."
    sql: ${amount} ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: share {
    type: percent_of_total
    label: "Share of revenue"
    description: "Share of the revenue of the rows shown, in percent."
    sql: ${revenue_amount} ;;
    value_format: "0.0\"%\""
  }

  measure: gross_amount {
    type: sum
    label: "Revenue, gross"
    description: "Invoices less credit notes in euro, with tax."
    sql: ${TABLE}.total_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: net_amount {
    type: sum
    label: "Revenue, net"
    description: "Invoices less credit notes in euro, without tax."
    sql: ${TABLE}.net_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: invoiced_amount {
    type: sum
    label: "Invoiced"
    description: "Gross amount of invoices less cancellations, before credit notes."
    sql: ${TABLE}.invoiced_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: credited_amount {
    type: sum
    label: "Credited"
    description: "Gross amount of credit notes, as a positive number."
    sql: ${TABLE}.credited_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: paid_amount {
    type: sum
    label: "Paid"
    description: "Payments received so far."
    sql: ${TABLE}.paid_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: open_amount {
    type: sum
    label: "Open"
    description: "Amount still to be paid."
    sql: ${TABLE}.open_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: invoice_count {
    type: count
    label: "Invoices"
    description: "Number of invoices. Cancellations and cancelled invoices are excluded."
    filters: [counts_as_invoice: "yes"]
    drill_fields: [documents*]
  }

  measure: average_amount {
    type: number
    label: "Average invoice"
    description: "Invoiced amount per invoice."
    sql: ${invoiced_amount} / NULLIF(${invoice_count}, 0) ;;
    value_format: "@{EURO}"
  }

  measure: documents_not_counted {
    type: count
    label: "Documents not counted"
    description: "Documents that count only after somebody has decided on them."
    filters: [is_counted: "no"]
    drill_fields: [documents*, estimated_effect_amount]
  }

  measure: estimated_effect_amount {
    type: sum
    label: "Estimated effect"
    description: "What the documents that are not counted may add or take off."
    sql: ${TABLE}.estimated_effect_eur ;;
    value_format: "@{EURO}"
  }

  measure: row_count {
    hidden: yes
    type: count
  }

  measure: document_count {
    hidden: yes
    type: count_distinct
    sql: ${document_key} ;;
  }

  measure: incomplete_count {
    hidden: yes
    type: count
    filters: [lacks_a_name_or_day: "yes"]
  }

  set: documents {
    fields: [document_number, document_kind, revenue_date, invoices_summary.contact_name, city, countries.country, gross_amount, open_amount]
  }
}
