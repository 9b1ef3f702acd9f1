-- Kept as it was delivered, since either of the two times may be the wrong one; seen here.
{{ config(severity='warn') }}

select
    complaint_key,
    source_channel,
    opened_at,
    resolved_at
from {{ ref('fct_complaint') }}
where resolved_at < opened_at or handle_seconds < 0
