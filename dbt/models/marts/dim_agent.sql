with versions as (

    select * from {{ ref('int_agent_versions') }}

),

unknown_member as (

    select
        'unknown' as agent_version_key,
        'unknown' as agent_key,
        cast(null as varchar) as experience,
        cast(null as varchar) as state_name,
        cast(null as varchar) as state_code,
        cast('1900-01-01' as date) as valid_from,
        cast(null as date) as valid_to,
        true as is_current,
        cast(null as date) as last_delivered_on

)

select
    agent_key || '@' || cast(valid_from as varchar) as agent_version_key,
    agent_key,
    experience,
    state_name,
    state_code,
    valid_from,
    valid_to,
    is_current,
    last_delivered_on
from versions

union all

select * from unknown_member
