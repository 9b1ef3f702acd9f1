{#- True for one row a key: the newest delivery of it. Load and source position make the order total. -#}
{% macro is_newest_delivery(key) -%}
  row_number() over (
      partition by {{ key }}
      order by partition_date desc, _load_id desc, _source_uri desc, _source_row desc
  ) = 1
{%- endmacro %}
