select *
from {{ ref('mart_reconciliation') }}
where not is_balanced
