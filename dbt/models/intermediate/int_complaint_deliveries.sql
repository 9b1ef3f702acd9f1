with deliveries as (

    select
        'call' as source_channel,
        cast(null as varchar) as media_channel,
        call_id as complaint_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        call_started_at as opened_at,
        -- the end of a call is its resolution only where its status says so
        iff(resolution_status = 'Resolved', call_ended_at, null) as resolved_at,
        -- in microseconds, since datediff in seconds counts the seconds begun
        cast(datediff('microsecond', call_started_at, call_ended_at) as float) / 1000000 as handle_seconds,
        generation_date,
        is_newest_delivery
    from {{ ref('base_call_logs') }}

    union all

    select
        'web' as source_channel,
        cast(null as varchar) as media_channel,
        request_id as complaint_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        requested_at as opened_at,
        resolved_at,
        null as handle_seconds,
        generation_date,
        is_newest_delivery
    from {{ ref('base_web_forms') }}

    union all

    select
        'social' as source_channel,
        media_channel,
        complaint_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        requested_at as opened_at,
        resolved_at,
        null as handle_seconds,
        generation_date,
        is_newest_delivery
    from {{ ref('base_social_media') }}

),

pseudonymised as (

    select
        {{ pseudonym('complaint', "deliveries.source_channel || ':' || deliveries.complaint_id") }} as complaint_key,
        deliveries.source_channel,
        deliveries.media_channel,
        {{ pseudonym('customer', 'deliveries.customer_id') }} as customer_key,
        {{ pseudonym('agent', 'deliveries.agent_id') }} as agent_key,
        deliveries.complaint_category,
        deliveries.resolution_status,
        deliveries.resolution_status = 'Resolved' as is_resolved,
        deliveries.opened_at,
        deliveries.resolved_at,
        deliveries.handle_seconds,
        deliveries.generation_date,
        deliveries.is_newest_delivery
    from deliveries
    {{ pseudonym_key_row() }}

),

measured as (

    select
        *,
        -- in microseconds, since datediff in hours or days counts the boundaries crossed
        iff(
            is_resolved and source_channel in ('web', 'social'),
            cast(datediff('microsecond', opened_at, resolved_at) as float) / 3600000000,
            null
        ) as resolution_hours,
        lag(resolution_status) over (
            partition by complaint_key
            order by generation_date
        ) as previous_status
    from pseudonymised

)

select * from measured
