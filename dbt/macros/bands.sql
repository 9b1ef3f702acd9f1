{#- Age in bands coarse enough that nobody stands alone; a missing or future birth date is `unknown`. -#}
{% macro age_band(years) -%}
  case
      when {{ years }} >= 65 then '65+'
      when {{ years }} >= 55 then '55-64'
      when {{ years }} >= 45 then '45-54'
      when {{ years }} >= 35 then '35-44'
      when {{ years }} >= 25 then '25-34'
      when {{ years }} >= 18 then '18-24'
      when {{ years }} >= 0 then 'under 18'
      else 'unknown'
  end
{%- endmacro %}

{#- Years since the customer signed up; a missing or future signup date is `unknown`. -#}
{% macro tenure_band(years) -%}
  case
      when {{ years }} >= 10 then '10+ years'
      when {{ years }} >= 5 then '5-9 years'
      when {{ years }} >= 2 then '2-4 years'
      when {{ years }} >= 1 then '1 year'
      when {{ years }} >= 0 then 'under 1 year'
      else 'unknown'
  end
{%- endmacro %}
