select
    dataset,
    partition_date,
    count(*) as current_publications
from {{ source('ops', 'load_ledger') }}
where is_current
group by dataset, partition_date
having count(*) <> 1
