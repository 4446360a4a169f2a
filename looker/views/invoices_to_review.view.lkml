view: invoices_to_review {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_TO_REVIEW ;;
  label: "To review"

  dimension: finding {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.document_kind || '/' || ${TABLE}.document_id || '/' || ${TABLE}.reason_code ;;
  }

  dimension: document_kind {
    type: string
    label: "Document"
    description: "Invoice, credit note, or a chain of part and final invoices."
    sql: ${TABLE}.document_kind ;;
  }

  dimension: document_number {
    type: string
    label: "Document number"
    description: "The number printed on the document."
    sql: ${TABLE}.document_number ;;
  }

  dimension: document_date {
    type: date
    datatype: date
    convert_tz: no
    label: "Document date"
    description: "Empty if the date on the document cannot be right."
    sql: ${TABLE}.document_date ;;
  }

  dimension: reason {
    type: string
    label: "Reason"
    description: "Why somebody should look at it."
    sql: ${TABLE}.reason ;;
  }

  dimension: what_to_do {
    type: string
    label: "What to do"
    description: "How to settle it."
    sql: ${TABLE}.what_to_do ;;
  }

  dimension: is_counted {
    type: yesno
    label: "Is counted"
    description: "No for documents that wait for a decision. They add nothing to any amount."
    sql: ${TABLE}.is_counted ;;
  }

  dimension: country_code {
    type: string
    label: "Country code"
    description: "ISO 3166 code of two letters; ZZ if unknown."
    sql: ${TABLE}.country_code ;;
  }

  measure: estimated_effect_amount {
    type: sum
    label: "Estimated effect"
    description: "What a decision may add or take off, in euro."
    sql: ${TABLE}.estimated_effect_eur ;;
    value_format: "@{EURO}"
    drill_fields: [document_kind, document_number, document_date, reason, what_to_do]
  }

  measure: finding_count {
    type: count
    label: "Findings"
    description: "Documents and chains to review, one per reason."
    drill_fields: [document_kind, document_number, document_date, reason, what_to_do]
  }
}
