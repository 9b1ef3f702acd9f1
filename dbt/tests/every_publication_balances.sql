select
    dataset,
    partition_date,
    'a hop lost or doubled rows' as fault
from {{ ref('mart_reconciliation') }}
where not is_balanced

union all

select
    ledger.dataset,
    ledger.partition_date,
    'a publication has no line' as fault
from {{ source('ops', 'load_ledger') }} as ledger
left join {{ ref('mart_reconciliation') }} as line
    on ledger.dataset = line.dataset
    and ledger.partition_date = line.partition_date
where ledger.is_current and line.dataset is null

union all

-- an empty warehouse balances, but not because anything was proven
select
    null as dataset,
    null as partition_date,
    'nothing is loaded' as fault
from {{ ref('mart_reconciliation') }}
having count(*) = 0
