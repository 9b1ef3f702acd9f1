{#-
  What a run recorded must be a version that RAW still tells, as long as days arrived in order and none was
  delivered again. After a late day or a re-delivery the rebuilt history is the right one and the two may differ.
-#}
with out_of_order as (

    select count(*) as publications
    from {{ source('ops', 'load_ledger') }} as earlier
    left join {{ source('ops', 'load_ledger') }} as later
        on earlier.dataset = later.dataset
        and later.partition_date > earlier.partition_date
        and later.loaded_at < earlier.loaded_at
    where not earlier.is_current or later.dataset is not null

)

select
    'customer' as member,
    snapshot_row.customer_key as member_key,
    snapshot_row.valid_from
from {{ ref('snap_customer') }} as snapshot_row
cross join out_of_order
left join {{ ref('dim_customer') }} as version
    on snapshot_row.customer_key = version.customer_key
    and cast(snapshot_row.valid_from as date) = version.valid_from
    and snapshot_row.gender is not distinct from version.gender
    and snapshot_row.email_domain is not distinct from version.email_domain
    and snapshot_row.state_code is not distinct from version.state_code
where out_of_order.publications = 0 and version.customer_key is null

union all

select
    'agent' as member,
    snapshot_row.agent_key as member_key,
    snapshot_row.valid_from
from {{ ref('snap_agent') }} as snapshot_row
cross join out_of_order
left join {{ ref('dim_agent') }} as version
    on snapshot_row.agent_key = version.agent_key
    and cast(snapshot_row.valid_from as date) = version.valid_from
    and snapshot_row.experience is not distinct from version.experience
    and snapshot_row.state_name is not distinct from version.state_name
where out_of_order.publications = 0 and version.agent_key is null

union all

select
    'complaint' as member,
    snapshot_row.complaint_key as member_key,
    snapshot_row.status_since as valid_from
from {{ ref('snap_complaint_status') }} as snapshot_row
cross join out_of_order
left join {{ ref('fct_complaint_status_change') }} as change
    on snapshot_row.complaint_key = change.complaint_key
    and cast(snapshot_row.status_since as date) = change.changed_on
    and snapshot_row.resolution_status = change.to_status
where out_of_order.publications = 0 and change.complaint_key is null
