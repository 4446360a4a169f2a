view: invoices_excluded {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_EXCLUDED ;;
  label: "Left out of the revenue"

  dimension: document_id {
    type: string
    label: "Document id"
    description: "The id of the document in sevDesk."
    sql: ${TABLE}.document_id ;;
    primary_key: yes
    hidden: yes
  }

  dimension: document_kind {
    type: string
    label: "Document"
    description: "invoice or credit_note."
    sql: ${TABLE}.document_kind ;;
  }

  dimension: document_number {
    type: string
    label: "Document number"
    description: "The number printed on the document; drafts have none."
    sql: ${TABLE}.document_number ;;
  }

  dimension: document_type {
    type: string
    label: "Document type"
    description: "sevDesk type of the invoice, or booking category of the credit note."
    sql: ${TABLE}.document_type ;;
  }

  dimension_group: document {
    type: time
    label: "Document"
    description: "Date of the document in the calendar of the books."
    timeframes: [date, week, month, quarter, year]
    datatype: date
    convert_tz: no
    sql: ${TABLE}.document_date ;;
  }

  dimension: exclusion_reason {
    type: string
    label: "Reason"
    description: "Machine-readable reason that keeps it out."
    sql: ${TABLE}.exclusion_reason ;;
  }

  dimension: explanation {
    type: string
    label: "Explanation"
    description: "The reason in a sentence."
    sql: ${TABLE}.explanation ;;
  }

  measure: excluded_amount {
    type: sum
    label: "Left out"
    description: "Gross sum in euro that is kept out."
    sql: ${TABLE}.total_amount_eur ;;
    value_format_name: eur
    drill_fields: [details*]
  }

  measure: document_count {
    type: count
    label: "Documents"
    description: "Documents that are kept out."
    drill_fields: [details*]
  }

  set: details {
    fields: [document_kind, document_number, document_date, exclusion_reason, explanation, excluded_amount]
  }
}
