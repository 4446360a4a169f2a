include: "/views/*.view.lkml"

explore: invoices_summary {
  label: "Invoices"
  group_label: "Invoice revenue"
  description: "One row per invoice that counts as revenue, cancellations with negative amounts. Credit notes are in their own explore."
}

explore: credit_notes_summary {
  label: "Credit notes"
  group_label: "Invoice revenue"
  description: "One row per credit note that reduces revenue, in the city of the invoice that it corrects."
}

explore: invoices_amount_by_country {
  label: "Ranking by country"
  group_label: "Invoice revenue"
  description: "Invoiced, credited and total revenue per country with its rank, over all time."
}

explore: invoices_amount_by_city {
  label: "Ranking by city"
  group_label: "Invoice revenue"
  description: "Invoiced, credited and total revenue per city with its ranks, over all time."
}

explore: revenue_by_month {
  label: "Revenue by month"
  group_label: "Invoice revenue"
  description: "Invoiced, credited and total revenue per month and country."
}

explore: invoices_excluded {
  label: "Left out of the revenue"
  group_label: "Behind the figures"
  description: "Every document that is in sevDesk and not in the revenue, with the reason."
}

explore: pipeline_health {
  label: "Age of the data"
  group_label: "Behind the figures"
  description: "How old the data is at every stage, at the moment of asking."
  # The age grows while an answer is kept.
  persist_for: "1 minute"
}
