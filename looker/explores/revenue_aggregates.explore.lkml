include: "/explores/revenue.explore.lkml"

# Looker answers from these, without being asked to, when they hold every field of a query. They need a connection that may
# write persistent derived tables; delete this file if yours may not. Nothing here depends on the current date.
explore: +revenue {
  aggregate_table: all_time_by_place {
    query: {
      dimensions: [revenue.city, revenue.country_code]
      measures: [gross_amount, net_amount, invoiced_amount, credited_amount, paid_amount, open_amount, invoice_count, documents_not_counted]
    }
    materialization: { datagroup_trigger: marts_refreshed }
  }

  aggregate_table: by_month_and_country {
    query: {
      dimensions: [revenue.revenue_month, revenue.country_code, revenue.currency]
      measures: [gross_amount, net_amount, invoiced_amount, credited_amount, open_amount, invoice_count]
      filters: [revenue.date_basis: "invoice"]
    }
    materialization: { datagroup_trigger: marts_refreshed }
  }
}
