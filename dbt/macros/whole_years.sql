{#- Birthdays passed between two dates. datediff('year') would count new years instead. -#}
{% macro whole_years(from_date, to_date) -%}
  (
      year({{ to_date }}) - year({{ from_date }})
      - iff(
          month({{ to_date }}) * 100 + day({{ to_date }}) < month({{ from_date }}) * 100 + day({{ from_date }}),
          1, 0
      )
  )
{%- endmacro %}
