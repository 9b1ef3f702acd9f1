-- All deliveries seen so far agree, so a difference is news and no fault.
{{ config(severity='warn') }}

select
    complaint_key,
    source_channel,
    resolution_status,
    resolved_at
from {{ ref('fct_complaint') }}
where source_channel <> 'call' and is_resolved <> (resolved_at is not null)
