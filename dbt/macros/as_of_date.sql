{#- The day that a run looks from, as a scalar: the variable, else the newest partition loaded. Never the clock. -#}
{% macro as_of_date() -%}
  {%- if var('as_of_date') -%}
    cast('{{ var("as_of_date") }}' as date)
  {%- else -%}
    (select max(partition_date) from {{ source('ops', 'load_ledger') }} where is_current)
  {%- endif -%}
{%- endmacro %}
