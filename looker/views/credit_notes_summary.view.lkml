view: credit_notes_summary {
  sql_table_name: @{DATABASE}.@{SCHEMA}.CREDIT_NOTES_SUMMARY ;;
  label: "Credit notes"

  dimension: credit_note_id {
    type: string
    label: "Credit note id"
    description: "The id of the credit note in sevDesk."
    sql: ${TABLE}.credit_note_id ;;
    primary_key: yes
    hidden: yes
  }

  dimension: credit_note_number {
    type: string
    label: "Credit note number"
    description: "The number printed on the credit note."
    sql: ${TABLE}.credit_note_number ;;
  }

  dimension_group: credit_note {
    type: time
    label: "Credit note"
    description: "Date of the credit note in the calendar of the books (Europe/Berlin)."
    timeframes: [date, week, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.credit_note_date ;;
  }

  dimension: source_invoice_id {
    type: string
    label: "Corrected invoice"
    description: "The id of the invoice that it corrects, where sevDesk names one."
    sql: ${TABLE}.source_invoice_id ;;
  }

  dimension: city {
    type: string
    label: "City"
    description: "City of the corrected invoice, else of the contact, else Unknown."
    sql: ${TABLE}.city ;;
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
    description: "Currency that the credit note is written in; all sums are in euro."
    sql: ${TABLE}.currency ;;
  }

  measure: credited_amount {
    type: sum
    label: "Credited"
    description: "Gross sum in euro, as a positive figure."
    sql: ${TABLE}.credited_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: credited_net_amount {
    type: sum
    label: "Credited, net"
    description: "The same without tax."
    sql: ${TABLE}.credited_net_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: credit_note_count {
    type: count
    label: "Credit notes"
    description: "Credit notes that reduce revenue."
    drill_fields: [details*]
  }

  set: details {
    fields: [credit_note_number, credit_note_date, city, country_name_en, currency, credited_amount]
  }
}
