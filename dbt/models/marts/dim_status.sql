select
    status_key,
    resolution_status,
    is_resolved,
    not is_resolved as is_open
from {{ ref('status_members') }}
