- dashboard: invoice_revenue
  title: Invoice revenue
  description: Revenue from sevDesk invoices in euro, by country and city, updated every hour.
  layout: newspaper
  preferred_viewer: dashboards-next
  crossfilter_enabled: true
  refresh: 15 minutes

  filters:
  - name: country
    title: Country
    type: field_filter
    model: sevdesk_revenue
    explore: invoices_amount_by_country
    field: invoices_amount_by_country.country_name_en
    allow_multiple_values: true
    ui_config: {type: dropdown_menu, display: inline}
  - name: period
    title: Period (invoices, trend)
    type: date_filter
    default_value: ""
    allow_multiple_values: false
    ui_config: {type: relative_timeframes, display: inline}
  - name: payment
    title: Payment (invoices)
    type: field_filter
    model: sevdesk_revenue
    explore: invoices_summary
    field: invoices_summary.invoice_status
    allow_multiple_values: true
    ui_config: {type: checkboxes, display: popover}
  - name: currency
    title: Billed in (invoices)
    type: field_filter
    model: sevdesk_revenue
    explore: invoices_summary
    field: invoices_summary.currency
    allow_multiple_values: true
    ui_config: {type: checkboxes, display: popover}

  elements:
  - name: revenue
    title: Revenue
    model: sevdesk_revenue
    explore: invoices_amount_by_country
    type: single_value
    fields: [invoices_amount_by_country.total_amount]
    listen:
      country: invoices_amount_by_country.country_name_en
    row: 0
    col: 0
    width: 6
    height: 3
  - name: open_amount
    title: Still open
    model: sevdesk_revenue
    explore: invoices_summary
    type: single_value
    fields: [invoices_summary.open_amount]
    listen:
      country: invoices_summary.country_name_en
      period: invoices_summary.invoice_date
      payment: invoices_summary.invoice_status
      currency: invoices_summary.currency
    row: 0
    col: 6
    width: 6
    height: 3
  - name: overdue_amount
    title: Overdue
    model: sevdesk_revenue
    explore: invoices_summary
    type: single_value
    fields: [invoices_summary.overdue_amount, invoices_summary.overdue_count]
    show_comparison: true
    comparison_type: value
    comparison_label: invoices
    listen:
      country: invoices_summary.country_name_en
      period: invoices_summary.invoice_date
      payment: invoices_summary.invoice_status
      currency: invoices_summary.currency
    row: 0
    col: 12
    width: 6
    height: 3
  - name: data_age
    title: Age of the data
    model: sevdesk_revenue
    explore: pipeline_health
    type: single_value
    fields: [pipeline_health.age_minutes]
    filters:
      pipeline_health.stage: ANALYTICS
    enable_conditional_formatting: true
    # The constant MAX_AGE_MINUTES cannot be used here; keep them equal.
    conditional_formatting: [{type: greater than, value: 150, background_color: "#b3201a", font_color: "#ffffff", bold: true}]
    note_state: collapsed
    note_display: hover
    note_text: Minutes since everything in sevDesk was in these figures. Red when outdated.
    row: 0
    col: 18
    width: 6
    height: 3
  - name: ranking_by_country
    title: Invoice Revenue Ranking by Country
    model: sevdesk_revenue
    explore: invoices_amount_by_country
    type: looker_bar
    fields: [invoices_amount_by_country.country_name_en, invoices_amount_by_country.total_amount]
    sorts: [invoices_amount_by_country.total_amount desc]
    limit: 50
    show_value_labels: true
    listen:
      country: invoices_amount_by_country.country_name_en
    row: 3
    col: 0
    width: 12
    height: 9
  - name: map_by_country
    title: Where the revenue comes from
    model: sevdesk_revenue
    explore: invoices_amount_by_country
    type: looker_google_map
    fields: [invoices_amount_by_country.country_name_en, invoices_amount_by_country.total_amount]
    listen:
      country: invoices_amount_by_country.country_name_en
    row: 3
    col: 12
    width: 12
    height: 9
  - name: ranking_by_city
    title: Revenue by city
    model: sevdesk_revenue
    explore: invoices_amount_by_city
    type: looker_grid
    fields: [invoices_amount_by_city.rank_overall, invoices_amount_by_city.city, invoices_amount_by_city.country_name_en,
      invoices_amount_by_city.total_amount, invoices_amount_by_city.open_amount, invoices_amount_by_city.invoice_count]
    sorts: [invoices_amount_by_city.rank_overall]
    limit: 500
    listen:
      country: invoices_amount_by_city.country_name_en
    row: 12
    col: 0
    width: 12
    height: 9
  - name: trend_by_month
    title: Revenue by month
    model: sevdesk_revenue
    explore: revenue_by_month
    type: looker_column
    fields: [revenue_by_month.revenue_month, revenue_by_month.total_amount]
    fill_fields: [revenue_by_month.revenue_month]
    sorts: [revenue_by_month.revenue_month]
    limit: 500
    listen:
      country: revenue_by_month.country_name_en
      period: revenue_by_month.revenue_date
    row: 12
    col: 12
    width: 12
    height: 9
  - name: open_and_overdue
    title: Open and overdue by due month
    model: sevdesk_revenue
    explore: invoices_summary
    type: looker_column
    fields: [invoices_summary.due_month, invoices_summary.open_amount, invoices_summary.overdue_amount]
    filters:
      invoices_summary.is_open: "yes"
    sorts: [invoices_summary.due_month]
    limit: 500
    listen:
      country: invoices_summary.country_name_en
      period: invoices_summary.invoice_date
      payment: invoices_summary.invoice_status
      currency: invoices_summary.currency
    row: 21
    col: 0
    width: 12
    height: 8
  - name: invoices
    title: Open invoices, the first due first
    model: sevdesk_revenue
    explore: invoices_summary
    type: looker_grid
    fields: [invoices_summary.invoice_number, invoices_summary.contact_name, invoices_summary.city, invoices_summary.due_date,
      invoices_summary.open_amount]
    filters:
      invoices_summary.is_open: "yes"
    sorts: [invoices_summary.due_date]
    limit: 500
    listen:
      country: invoices_summary.country_name_en
      period: invoices_summary.invoice_date
      payment: invoices_summary.invoice_status
      currency: invoices_summary.currency
    row: 21
    col: 12
    width: 12
    height: 8
  - name: left_out
    title: Left out of the revenue
    model: sevdesk_revenue
    explore: invoices_excluded
    type: looker_grid
    fields: [invoices_excluded.exclusion_reason, invoices_excluded.explanation, invoices_excluded.document_count, invoices_excluded.excluded_amount]
    sorts: [invoices_excluded.document_count desc]
    limit: 100
    row: 29
    col: 0
    width: 24
    height: 6
