{#- One text that differs wherever one of the attributes does. Compared inside a query, never stored. -#}
{% macro version_signature(attributes) -%}
  {%- for attribute in attributes %}
  coalesce(cast({{ attribute }} as varchar), '') {{- " || chr(31) ||" if not loop.last }}
  {%- endfor %}
{%- endmacro %}

{#-
  The CTEs that turn `deliveries` (a row a key and partition_date, with a `signature`) into `versions`.
  A version starts at the partition whose signature first differs from the delivery before; a return to an
  earlier state is a version of its own. A member missing from a later snapshot keeps its last version current:
  it may be missing because its row went to quarantine, and its facts must not lose their member.
-#}
{% macro version_ctes(key) -%}
compared as (

    select
        *,
        lag(signature) over (partition by {{ key }} order by partition_date) as previous_signature
    from deliveries

),

numbered as (

    select
        *,
        previous_signature is null or signature <> previous_signature as is_version_start,
        sum(iff(previous_signature is null or signature <> previous_signature, 1, 0)) over (
            partition by {{ key }}
            order by partition_date
            rows between unbounded preceding and current row
        ) as version_number
    from compared

),

seen as (

    select
        *,
        max(partition_date) over (partition by {{ key }}, version_number) as last_delivered_on
    from numbered

),

versions as (

    select
        *,
        partition_date as valid_from,
        lead(partition_date) over (partition by {{ key }} order by partition_date) as valid_to,
        lead(partition_date) over (partition by {{ key }} order by partition_date) is null as is_current
    from seen
    where is_version_start

)
{%- endmacro %}
