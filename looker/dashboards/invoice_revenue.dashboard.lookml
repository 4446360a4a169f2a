- dashboard: invoice_revenue
  title: "Invoice revenue"
  description: "Revenue from sevDesk invoices less credit notes, in euro, updated every hour."
  layout: newspaper
  preferred_viewer: dashboards-next
  crossfilter_enabled: true
  refresh: 15 minutes

  filters:
  - name: period
    title: "Period"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: revenue.revenue_date
    default_value: this year
    allow_multiple_values: false
    ui_config: {type: relative_timeframes, display: inline}
  - name: country
    title: "Country"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: countries.country
    allow_multiple_values: true
    ui_config: {type: dropdown_menu, display: inline}
  - name: amounts
    title: "Amounts"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: revenue.amount_basis
    default_value: gross
    allow_multiple_values: false
    ui_config: {type: button_toggles, display: inline}
  - name: date
    title: "Date"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: revenue.date_basis
    default_value: invoice
    allow_multiple_values: false
    ui_config: {type: button_toggles, display: inline}
  - name: currency
    title: "Currency"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: revenue.currency
    allow_multiple_values: true
    ui_config: {type: checkboxes, display: popover}
  - name: payment
    title: "Payment status"
    type: field_filter
    model: sevdesk_revenue
    explore: revenue
    field: invoices_summary.invoice_status
    allow_multiple_values: true
    ui_config: {type: checkboxes, display: popover}

  elements:
  - name: revenue
    title: "Revenue"
    model: sevdesk_revenue
    explore: revenue
    type: single_value
    fields: [revenue.period_amount, revenue.change_to_previous_period]
    show_comparison: true
    comparison_type: change
    comparison_label: "from the previous period"
    listen:
      period: revenue.period
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 0
    col: 0
    width: 5
    height: 3
  - name: revenue_a_year_ago
    title: "Revenue a year ago"
    model: sevdesk_revenue
    explore: revenue
    type: single_value
    fields: [revenue.last_year_amount, revenue.change_to_last_year]
    show_comparison: true
    comparison_type: change
    comparison_label: "change since"
    listen:
      period: revenue.period
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 0
    col: 5
    width: 5
    height: 3
  - name: open_amount
    title: "Open"
    model: sevdesk_revenue
    explore: revenue
    type: single_value
    fields: [revenue.open_amount]
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 0
    col: 10
    width: 4
    height: 3
  - name: overdue_amount
    title: "Overdue"
    model: sevdesk_revenue
    explore: revenue
    type: single_value
    fields: [invoices_summary.overdue_amount, invoices_summary.overdue_count]
    show_comparison: true
    comparison_type: value
    comparison_label: "invoices"
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 0
    col: 14
    width: 4
    height: 3
  - name: documents_not_counted
    title: "Documents not counted"
    model: sevdesk_revenue
    explore: revenue
    type: single_value
    fields: [revenue.documents_not_counted]
    enable_conditional_formatting: true
    conditional_formatting: [{type: greater than, value: 0, font_color: "#8a5300", bold: true}]
    # Not the period: a document may be here because its date is impossible.
    listen:
      country: countries.country
      currency: revenue.currency
    row: 0
    col: 18
    width: 3
    height: 3
  - name: data_age
    title: "Age of the data"
    model: sevdesk_revenue
    explore: pipeline_health
    type: single_value
    fields: [pipeline_health.age_minutes]
    filters:
      pipeline_health.stage: ANALYTICS
    note_state: collapsed
    note_display: hover
    note_text: "Minutes since every change in sevDesk was in these figures. Red if the data is outdated."
    row: 0
    col: 21
    width: 3
    height: 3
  - name: ranking_by_country
    title: "Invoice Revenue Ranking by Country"
    model: sevdesk_revenue
    explore: revenue
    type: looker_bar
    fields: [countries.country, revenue.revenue_amount]
    sorts: [revenue.revenue_amount desc]
    limit: 250
    show_value_labels: true
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 3
    col: 0
    width: 12
    height: 9
  - name: map_by_country
    title: "Revenue by country"
    model: sevdesk_revenue
    explore: revenue
    type: looker_google_map
    fields: [countries.country_name_en, revenue.revenue_amount]
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 3
    col: 12
    width: 12
    height: 9
  - name: ranking_by_city
    title: "Revenue by city"
    model: sevdesk_revenue
    explore: revenue
    type: looker_grid
    fields: [revenue.place, revenue.revenue_amount, revenue.share, revenue.open_amount, revenue.invoice_count]
    sorts: [revenue.revenue_amount desc]
    limit: 500
    dynamic_fields:
    - table_calculation: rank
      label: "Rank"
      expression: rank(${revenue.revenue_amount}, ${revenue.revenue_amount})
      value_format: "0"
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 12
    col: 0
    width: 12
    height: 9
  - name: trend_by_month
    title: "Revenue by month"
    model: sevdesk_revenue
    explore: revenue
    type: looker_column
    fields: [revenue.revenue_month, revenue.revenue_amount]
    fill_fields: [revenue.revenue_month]
    sorts: [revenue.revenue_month]
    limit: 500
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 12
    col: 12
    width: 12
    height: 9
  - name: open_and_overdue
    title: "Open and overdue by due month"
    model: sevdesk_revenue
    explore: revenue
    type: looker_column
    fields: [invoices_summary.due_month, revenue.open_amount, invoices_summary.overdue_amount]
    filters:
      invoices_summary.is_open: "yes"
    sorts: [invoices_summary.due_month]
    limit: 500
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 21
    col: 0
    width: 12
    height: 8
  - name: open_invoices
    title: "Open invoices by due date"
    model: sevdesk_revenue
    explore: revenue
    type: looker_grid
    fields: [invoices_summary.invoice_number, revenue.place, invoices_summary.due_date, revenue.open_amount]
    filters:
      invoices_summary.is_open: "yes"
    sorts: [invoices_summary.due_date]
    limit: 500
    listen:
      period: revenue.revenue_date
      country: countries.country
      amounts: revenue.amount_basis
      date: revenue.date_basis
      currency: revenue.currency
      payment: invoices_summary.invoice_status
    row: 21
    col: 12
    width: 12
    height: 8
  - name: uncounted
    title: "Not counted until somebody decides"
    model: sevdesk_revenue
    explore: invoices_to_review
    type: looker_grid
    fields: [invoices_to_review.document_kind, invoices_to_review.document_number, invoices_to_review.reason, invoices_to_review.what_to_do, invoices_to_review.estimated_effect_amount]
    filters:
      invoices_to_review.is_counted: "no"
    sorts: [invoices_to_review.document_number]
    limit: 500
    row: 29
    col: 0
    width: 12
    height: 6
  - name: excluded
    title: "Excluded from revenue"
    model: sevdesk_revenue
    explore: invoices_excluded
    type: looker_grid
    fields: [invoices_excluded.explanation, invoices_excluded.document_count, invoices_excluded.excluded_amount]
    sorts: [invoices_excluded.document_count desc]
    limit: 100
    listen:
      period: invoices_excluded.document_date
    row: 29
    col: 12
    width: 12
    height: 6
