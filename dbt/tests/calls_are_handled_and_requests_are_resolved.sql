-- handle_seconds and resolution_hours measure different things, and a complaint has at most one of them.
select
    complaint_key,
    source_channel,
    resolution_status,
    resolved_at,
    resolution_hours,
    handle_seconds
from {{ ref('fct_complaint') }}
where
    (source_channel = 'call' and resolution_hours is not null)
    or (source_channel = 'call' and is_open and resolved_at is not null)
    or (source_channel <> 'call' and handle_seconds is not null)
    or (is_open and resolution_hours is not null)
    or is_resolved <> (resolution_status = 'Resolved')
    or is_open = is_resolved
    or is_customer_unknown <> (customer_key = 'unknown')
    or is_agent_unknown <> (agent_key = 'unknown')
