{#-
  The keyed hash under which a person or a complaint is known outside RAW and STAGING.
  The query must join `pseudonym_key_row()` as `pseudonym_key`, so that the key is read from its table
  and never stands in the text of a query. `kind` keeps equal values of two kinds apart.
-#}
{% macro pseudonym(kind, value) -%}
  sha2(pseudonym_key.pseudonym_key || ':{{ kind }}:' || cast({{ value }} as varchar), 256)
{%- endmacro %}

{% macro pseudonym_key_row() -%}
  cross join {{ source('ops', 'pseudonym_key') }} as pseudonym_key
{%- endmacro %}
