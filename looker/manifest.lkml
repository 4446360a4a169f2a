project_name: "sevdesk_revenue"

# Labels and descriptions are English text, which is the key of en.strings.json and de.strings.json.
localization_settings: {
  default_locale: en
  localization_level: permissive
}

# What differs between Looker instances.
constant: CONNECTION_NAME {
  value: "sevdesk_snowflake"
}

constant: DATABASE {
  value: "SEVDESK"
}

constant: SCHEMA {
  value: "ANALYTICS"
}

# Data older than this is shown in red. The dashboard and the alerts of the platform use the same limit (DASHBOARD_MAX_AGE_MINUTES).
constant: MAX_AGE_MINUTES {
  value: "150"
}

constant: EURO {
  value: "€#,##0.00"
}

# The calendar of the books.
constant: TODAY {
  value: "CAST(CONVERT_TIMEZONE('Europe/Berlin', CURRENT_TIMESTAMP()) AS DATE)"
}

# What a link to the documents behind a figure shows.
constant: DOCUMENT_FIELDS {
  value: "revenue.document_number,revenue.document_kind,revenue.revenue_date,revenue.city,countries.country,revenue.gross_amount,revenue.open_amount"
}

# A link keeps the period, the bases and the currency of the page that it is on.
constant: KEPT_FILTERS {
  value: "&f[revenue.revenue_date]={{ _filters['revenue.revenue_date'] | url_encode }}&f[revenue.date_basis]={{ _filters['revenue.date_basis'] | url_encode }}&f[revenue.amount_basis]={{ _filters['revenue.amount_basis'] | url_encode }}&f[revenue.currency]={{ _filters['revenue.currency'] | url_encode }}"
}
