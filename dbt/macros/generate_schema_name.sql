{#- Schemas are named exactly as configured: dbt's default would prefix them with the profile's schema. -#}
{% macro generate_schema_name(custom_schema_name, node) -%}
  {{ (custom_schema_name or target.schema) | trim | upper }}
{%- endmacro %}
