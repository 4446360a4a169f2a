# Every city that a document counts in, with its place in the rankings of all time.
view: cities {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_CITY ;;
  label: "City"

  dimension: place {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.country_code || '/' || ${TABLE}.city ;;
  }

  dimension: city {
    hidden: yes
    type: string
    sql: ${TABLE}.city ;;
  }

  dimension: country_code {
    hidden: yes
    type: string
    sql: ${TABLE}.country_code ;;
  }

  dimension: all_time_rank {
    type: number
    label: "Rank of the city, all time"
    description: "Rank by gross revenue of all time, as dbt computes it."
    sql: ${TABLE}.rank_overall ;;
  }

  dimension: all_time_rank_in_country {
    type: number
    label: "Rank of the city in its country, all time"
    description: "Rank by gross revenue of all time among the cities of the country."
    sql: ${TABLE}.rank_in_country ;;
  }
}
