include: "/explores/*.explore.lkml"

# Looker runs these before a deploy. dbt tests the same tables much harder; here is what would make a dashboard lie.

test: an_invoice_is_one_row {
  explore_source: invoices_summary {
    column: invoice_id {}
    column: row_count {}
    sorts: [row_count: desc]
    limit: 1
  }
  assert: id_is_unique {
    expression: ${invoices_summary.row_count} = 1 ;;
  }
}

test: shares_add_up_to_the_whole {
  explore_source: invoices_amount_by_country {
    column: share {}
  }
  # Each share is rounded to six places.
  assert: whole {
    expression: abs(${invoices_amount_by_country.share} - 1) < 0.001 ;;
  }
}

test: revenue_is_invoiced_less_credited {
  explore_source: invoices_amount_by_country {
    column: total_amount {}
    column: invoiced_amount {}
    column: credited_amount {}
  }
  assert: difference_is_zero {
    expression: abs(${invoices_amount_by_country.total_amount} - ${invoices_amount_by_country.invoiced_amount} + ${invoices_amount_by_country.credited_amount}) < 0.005 ;;
  }
}

test: every_country_has_a_name {
  explore_source: invoices_amount_by_country {
    column: country_code {}
    column: country_name_en {}
    sorts: [country_name_en: asc]
    limit: 1
  }
  assert: has_name {
    expression: NOT is_null(${invoices_amount_by_country.country_name_en}) ;;
  }
}
