-- A row of a load that no current publication names would be in RAW and in no figure.
{%- for dataset in ['customers', 'agents', 'call_logs', 'social_media', 'web_forms'] %}
select
    '{{ dataset }}' as dataset,
    delivered._load_id,
    count(*) as stray_rows
from {{ source('raw', dataset) }} as delivered
left join {{ source('ops', 'loaded_parts') }} as part
    on part.dataset = '{{ dataset }}'
    and delivered._load_id = part.part_load_id
where part.part_load_id is null
group by delivered._load_id
{{ 'union all' if not loop.last }}
{%- endfor %}
