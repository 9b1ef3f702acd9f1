{#-
  Every row of a dataset that belongs to a current publication, with the partition it was delivered in.
  A replayed publication keeps older parts, so the way to the partition is the part's load, not the publication's.
-#}
{% macro delivered_rows(dataset) -%}
  select
      delivered.*,
      publication.partition_date
  from {{ source('raw', dataset) }} as delivered
  inner join (
      select distinct
          part_load_id,
          partition_date
      from {{ source('ops', 'loaded_parts') }}
      where dataset = '{{ dataset }}'
  ) as publication
      on delivered._load_id = publication.part_load_id
{%- endmacro %}
