{% snapshot snap_complaint_status %}

{{ config(unique_key='complaint_key', strategy='timestamp', updated_at='status_since') }}

select
    complaint_key,
    source_channel,
    resolution_status,
    cast(status_since as timestamp_ntz) as status_since
from {{ ref('int_complaints') }}

{% endsnapshot %}
