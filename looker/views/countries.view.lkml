# Every country that a document counts in, with its names and its place in the ranking of all time.
view: countries {
  sql_table_name: @{DATABASE}.@{SCHEMA}.INVOICES_AMOUNT_BY_COUNTRY ;;
  label: "Country"

  dimension: country_code {
    primary_key: yes
    hidden: yes
    type: string
    sql: ${TABLE}.country_code ;;
  }

  dimension: country {
    type: string
    label: "Country"
    description: "Name of the country in the language of the user."
    sql: {% if _user_attributes['locale'] contains 'de' %}${TABLE}.country_name_de{% else %}${TABLE}.country_name_en{% endif %} ;;
    link: {
      label: "Documents in {{ value }}"
      url: "/explore/sevdesk_revenue/revenue?fields=@{DOCUMENT_FIELDS}&f[countries.country]={{ filterable_value | url_encode }}@{KEPT_FILTERS}"
    }
  }

  # Looker's map layer knows countries by their English names.
  dimension: country_name_en {
    type: string
    label: "Country on the map"
    description: "English name of the country, as the map needs it."
    sql: ${TABLE}.country_name_en ;;
    map_layer_name: countries
  }

  dimension: all_time_rank {
    type: number
    label: "Rank of the country, all time"
    description: "Rank by gross revenue of all time, as dbt computes it."
    sql: ${TABLE}.rank_overall ;;
  }
}
