with deliveries as (

    select
        *,
        min(generation_date) over (partition by complaint_key) as first_generation_date,
        -- nothing precedes the first delivery, which is a change to its status too
        max(iff(resolution_status = previous_status, null, generation_date)) over (
            partition by complaint_key
        ) as status_since
    from {{ ref('int_complaint_deliveries') }}

),

latest as (

    select
        complaint_key,
        source_channel,
        media_channel,
        customer_key,
        agent_key,
        complaint_category,
        resolution_status,
        is_resolved,
        opened_at,
        resolved_at,
        resolution_hours,
        handle_seconds,
        first_generation_date,
        generation_date as last_generation_date,
        status_since
    from deliveries
    where is_newest_delivery

)

select * from latest
