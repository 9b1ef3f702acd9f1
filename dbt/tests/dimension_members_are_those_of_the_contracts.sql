with members as (

    select 'complaint_category' as column_name, complaint_category as value
    from {{ ref('dim_category') }}
    where category_key <> 0

    union all

    select 'resolution_status' as column_name, resolution_status as value
    from {{ ref('dim_status') }}
    where status_key <> 0

),

listed as (

    select column_name, value
    from {{ ref('contract_values') }}
    where column_name in ('complaint_category', 'resolution_status')

)

select
    coalesce(members.column_name, listed.column_name) as column_name,
    coalesce(members.value, listed.value) as value
from members
full outer join listed
    on members.column_name = listed.column_name
    and members.value = listed.value
where members.value is null or listed.value is null
