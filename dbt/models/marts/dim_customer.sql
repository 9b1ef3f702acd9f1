with versions as (

    select * from {{ ref('int_customer_versions') }}

),

unknown_member as (

    select
        'unknown' as customer_version_key,
        'unknown' as customer_key,
        cast(null as varchar) as gender,
        cast(null as varchar) as email_domain,
        cast(null as varchar) as state_code,
        cast(null as varchar) as region_type,
        'unknown' as age_band,
        'unknown' as tenure_band,
        cast('1900-01-01' as date) as valid_from,
        cast(null as date) as valid_to,
        true as is_current,
        cast(null as date) as last_delivered_on

)

select
    customer_key || '@' || cast(valid_from as varchar) as customer_version_key,
    customer_key,
    gender,
    email_domain,
    state_code,
    region_type,
    age_band,
    tenure_band,
    valid_from,
    valid_to,
    is_current,
    last_delivered_on
from versions

union all

select * from unknown_member
