select
    complaint_key,
    source_channel,
    previous_status as from_status,
    resolution_status as to_status,
    generation_date as changed_on
from {{ ref('int_complaint_deliveries') }}
where previous_status is null or previous_status <> resolution_status
