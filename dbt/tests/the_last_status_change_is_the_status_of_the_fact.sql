with changes as (

    select
        complaint_key,
        from_status,
        to_status,
        row_number() over (partition by complaint_key order by changed_on) as position_from_first,
        row_number() over (partition by complaint_key order by changed_on desc) as position_from_last
    from {{ ref('fct_complaint_status_change') }}

),

last_changes as (

    select *
    from changes
    where position_from_last = 1

)

select
    facts.complaint_key,
    facts.resolution_status,
    last_changes.to_status
from {{ ref('fct_complaint') }} as facts
left join last_changes
    on facts.complaint_key = last_changes.complaint_key
where last_changes.to_status is null or facts.resolution_status <> last_changes.to_status

union all

-- only the first delivery comes from nowhere
select
    complaint_key,
    from_status,
    to_status
from changes
where (position_from_first = 1) <> (from_status is null)
