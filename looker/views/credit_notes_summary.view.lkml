# What is known of credit notes only. Their amounts are in `revenue`.
view: credit_notes_summary {
  sql_table_name: @{DATABASE}.@{SCHEMA}.CREDIT_NOTES_SUMMARY ;;
  label: "Credit note"

  dimension: credit_note_id {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.credit_note_id ;;
  }

  dimension: source_invoice_id {
    type: string
    label: "Id of the corrected invoice"
    description: "sevDesk's id of the invoice that the credit note corrects, if it names one."
    sql: ${TABLE}.source_invoice_id ;;
  }
}
