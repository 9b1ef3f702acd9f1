{#-
  A typed value in the contract's spelling where it differs from a listed one only by case; any other value
  stays as it was typed. The query must left join `contract_values` by `join_contract_values`.
-#}
{% macro contract_spelling(column) -%}
  coalesce(listed_{{ column }}.value, typed.{{ column }})
{%- endmacro %}

{% macro join_contract_values(column) -%}
  left join {{ ref('contract_values') }} as listed_{{ column }}
      on listed_{{ column }}.column_name = '{{ column }}'
      and upper(listed_{{ column }}.value) = upper(typed.{{ column }})
{%- endmacro %}
