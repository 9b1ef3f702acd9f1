{%- for dataset in ['call_logs', 'social_media', 'web_forms'] %}
select
    '{{ dataset }}' as dataset,
    generation_date,
    partition_date
from {{ ref('base_' ~ dataset) }}
where generation_date <> partition_date
{{ 'union all' if not loop.last }}
{%- endfor %}
