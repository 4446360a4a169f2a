view: invoices_excluded {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_EXCLUDED ;;
  label: "Excluded from revenue"

  dimension: document_key {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.document_kind || '/' || ${TABLE}.document_id ;;
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
    description: "The number printed on the document. Drafts have none."
    sql: ${TABLE}.document_number ;;
  }

  dimension: document_type {
    type: string
    label: "Document type"
    description: "sevDesk's type of the invoice, or the booking category of the credit note."
    sql: ${TABLE}.document_type ;;
  }

  dimension: document_date {
    type: date
    datatype: date
    convert_tz: no
    label: "Document date"
    description: "Date on the document."
    sql: ${TABLE}.document_date ;;
  }

  dimension: exclusion_reason {
    type: string
    label: "Reason code"
    description: "Code of the rule that excludes the document."
    sql: ${TABLE}.exclusion_reason ;;
  }

  dimension: explanation {
    type: string
    label: "Explanation"
    description: "The rule in a sentence."
    sql: ${TABLE}.explanation ;;
  }

  measure: excluded_amount {
    type: sum
    label: "Excluded amount"
    description: "Gross amount in euro that is excluded."
    sql: ${TABLE}.total_amount_eur ;;
    value_format: "@{EURO}"
    drill_fields: [details*]
  }

  measure: document_count {
    type: count
    label: "Documents"
    description: "Number of excluded documents."
    drill_fields: [details*]
  }

  set: details {
    fields: [document_kind, document_number, document_date, exclusion_reason, explanation, excluded_amount]
  }
}
