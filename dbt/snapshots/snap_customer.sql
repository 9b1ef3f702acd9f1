{% snapshot snap_customer %}

{{ config(unique_key='customer_key', strategy='timestamp', updated_at='valid_from') }}

select
    customer_key,
    gender,
    email_domain,
    state_code,
    region_type,
    cast(valid_from as timestamp_ntz) as valid_from
from {{ ref('int_customer_versions') }}
where is_current

{% endsnapshot %}
