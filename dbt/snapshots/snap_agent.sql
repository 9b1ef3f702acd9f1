{% snapshot snap_agent %}

{{ config(unique_key='agent_key', strategy='timestamp', updated_at='valid_from') }}

select
    agent_key,
    experience,
    state_name,
    state_code,
    cast(valid_from as timestamp_ntz) as valid_from
from {{ ref('int_agent_versions') }}
where is_current

{% endsnapshot %}
