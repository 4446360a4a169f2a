include: "/explores/*.explore.lkml"

# Looker runs these before a deploy. Each asks for one row of totals: a row picked by sorting would never be one with an empty value,
# since Snowflake puts NULL last in one direction and Looker in the other.

test: a_document_is_one_row {
  explore_source: revenue {
    column: row_count {}
    column: document_count {}
    column: invoice_count {}
  }
  assert: there_are_invoices {
    expression: ${revenue.invoice_count} > 0 ;;
  }
  assert: key_is_unique {
    expression: ${revenue.row_count} = ${revenue.document_count} ;;
  }
}

test: every_counted_document_has_place_and_day {
  explore_source: revenue {
    column: incomplete_count {}
  }
  assert: none_is_incomplete {
    expression: ${revenue.incomplete_count} = 0 ;;
  }
}

test: revenue_is_invoiced_less_credited {
  explore_source: revenue {
    column: gross_amount {}
    column: invoiced_amount {}
    column: credited_amount {}
  }
  assert: difference_is_zero {
    expression: abs(${revenue.gross_amount} - ${revenue.invoiced_amount} + ${revenue.credited_amount}) < 0.005 ;;
  }
}

test: the_data_has_an_age {
  explore_source: pipeline_health {
    column: age_minutes {}
  }
  assert: age_is_known {
    expression: NOT is_null(${pipeline_health.age_minutes}) ;;
  }
}
