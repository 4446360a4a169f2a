include: "/views/revenue.view.lkml"

# The filter `period` beside the period before it and the same period a year ago. Whole months are compared with whole months;
# a period that has not ended is compared up to the same day.
view: +revenue {
  dimension: period_start {
    hidden: yes
    type: date_raw
    sql: CAST({% date_start period %} AS DATE) ;;
  }

  dimension: period_end {
    hidden: yes
    type: date_raw
    sql: CAST({% date_end period %} AS DATE) ;;
  }

  dimension: months_in_period {
    hidden: yes
    type: number
    sql: CASE WHEN DAY(${period_start}) = 1 AND DAY(${period_end}) = 1 THEN DATEDIFF(month, ${period_start}, ${period_end}) END ;;
  }

  dimension: previous_start {
    hidden: yes
    type: date_raw
    sql: CASE
      WHEN ${months_in_period} > 0 THEN DATEADD(month, -${months_in_period}, ${period_start})
      ELSE DATEADD(day, -DATEDIFF(day, ${period_start}, ${period_end}), ${period_start})
    END ;;
  }

  dimension: previous_end {
    hidden: yes
    type: date_raw
    sql: CASE
      WHEN ${months_in_period} > 0 AND ${period_end} > @{TODAY} THEN DATEADD(day, 1, DATEADD(month, -${months_in_period}, @{TODAY}))
      WHEN ${period_end} > @{TODAY} THEN DATEADD(day, 1 - DATEDIFF(day, ${period_start}, ${period_end}), @{TODAY})
      ELSE ${period_start}
    END ;;
  }

  dimension: last_year_end {
    hidden: yes
    type: date_raw
    sql: CASE
      WHEN ${period_end} > @{TODAY} THEN DATEADD(day, 1, DATEADD(year, -1, @{TODAY}))
      ELSE DATEADD(year, -1, ${period_end})
    END ;;
  }

  dimension: is_in_period {
    hidden: yes
    type: yesno
    sql: {% condition period %}${day}{% endcondition %} ;;
  }

  dimension: is_in_previous_period {
    hidden: yes
    type: yesno
    sql: ${day} >= ${previous_start} AND ${day} < ${previous_end} ;;
  }

  dimension: is_in_last_year {
    hidden: yes
    type: yesno
    sql: ${day} >= DATEADD(year, -1, ${period_start}) AND ${day} < ${last_year_end} ;;
  }

  measure: period_amount {
    type: sum
    group_label: "Comparison"
    label: "Revenue in the period"
    description: "Revenue in the period to compare; of all time if none is set."
    sql: ${amount} ;;
    filters: [is_in_period: "yes"]
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: previous_period_amount {
    type: sum
    group_label: "Comparison"
    label: "Revenue in the previous period"
    description: "Revenue in the period of the same length before. A period that has not ended is compared up to the same day."
    sql: ${amount} ;;
    filters: [is_in_previous_period: "yes"]
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: last_year_amount {
    type: sum
    group_label: "Comparison"
    label: "Revenue a year ago"
    description: "Revenue in the same period of the year before."
    sql: ${amount} ;;
    filters: [is_in_last_year: "yes"]
    value_format: "@{EURO}"
    drill_fields: [documents*]
  }

  measure: change_to_previous_period {
    type: number
    group_label: "Comparison"
    label: "Change from the previous period"
    description: "Empty if the previous period had no revenue."
    sql: CASE WHEN ${previous_period_amount} > 0 THEN ${period_amount} / ${previous_period_amount} - 1 END ;;
    value_format_name: percent_1
  }

  measure: change_to_last_year {
    type: number
    group_label: "Comparison"
    label: "Change from a year ago"
    description: "Empty if there was no revenue a year ago."
    sql: CASE WHEN ${last_year_amount} > 0 THEN ${period_amount} / ${last_year_amount} - 1 END ;;
    value_format_name: percent_1
  }
}
