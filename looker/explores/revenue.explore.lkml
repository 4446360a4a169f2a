include: "/views/*.view.lkml"

# Every tile asks this explore, so each filter of a dashboard, and each click on a bar, reaches all of them.
# Every join finds one row at most, so no amount is ever added twice.
explore: revenue {
  label: "Revenue"
  group_label: "Invoice revenue"
  description: "Invoices and credit notes by period, city, country and customer."

  join: countries {
    type: left_outer
    relationship: many_to_one
    sql_on: ${revenue.country_code} = ${countries.country_code} ;;
  }

  join: cities {
    type: left_outer
    relationship: many_to_one
    sql_on: ${revenue.country_code} = ${cities.country_code} AND ${revenue.city} = ${cities.city} ;;
  }

  join: invoices_summary {
    type: left_outer
    relationship: one_to_one
    sql_on: ${revenue.document_kind} = 'invoice' AND ${revenue.document_id} = ${invoices_summary.invoice_id} ;;
  }

  join: credit_notes_summary {
    type: left_outer
    relationship: one_to_one
    sql_on: ${revenue.document_kind} = 'credit_note' AND ${revenue.document_id} = ${credit_notes_summary.credit_note_id} ;;
  }
}

explore: revenue_by_month {
  label: "Reported months"
  group_label: "Invoice revenue"
  description: "Revenue per month as it was reported, and what was restated since."
}

explore: invoices_to_review {
  label: "Documents to review"
  group_label: "Behind the figures"
  description: "Documents that somebody should look at, with the reason and what to do."
}

explore: invoices_excluded {
  label: "Excluded from revenue"
  group_label: "Behind the figures"
  description: "Every document in sevDesk that is not revenue, with the reason."
}

explore: pipeline_health {
  label: "Age of the data"
  group_label: "Behind the figures"
  description: "Age of the data at every stage."
  persist_with: data_loaded
}
