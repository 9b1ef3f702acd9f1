with delivered as (

    select
        count(*) as total,
        sum(iff(is_resolved, 1, 0)) as resolved
    from {{ ref('int_complaint_deliveries') }}

),

aggregated as (

    select
        coalesce(sum(total_complaints), 0) as total,
        coalesce(sum(resolved_complaints), 0) as resolved,
        coalesce(sum(open_complaints), 0) as open
    from {{ ref('agg_daily_cx') }}

)

select *
from delivered
cross join aggregated
where
    delivered.total <> aggregated.total
    or coalesce(delivered.resolved, 0) <> aggregated.resolved
    or aggregated.total <> aggregated.resolved + aggregated.open
