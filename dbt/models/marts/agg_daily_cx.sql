with deliveries as (

    select * from {{ ref('int_complaint_deliveries') }}

),

-- A day on which the channel delivered nothing of a category counts as zero; a day without a delivery does not count.
delivered_days as (

    select
        channels.source_channel,
        ledger.partition_date as generation_date
    from {{ source('ops', 'load_ledger') }} as ledger
    inner join {{ ref('channel_members') }} as channels
        on ledger.dataset = channels.dataset
    where ledger.is_current

),

categories as (

    select distinct
        source_channel,
        complaint_category
    from deliveries

),

daily as (

    select
        generation_date,
        source_channel,
        complaint_category,
        count(*) as total_complaints,
        sum(iff(is_resolved, 1, 0)) as resolved_complaints,
        median(resolution_hours) as median_resolution_hours,
        percentile_cont(0.9) within group (order by resolution_hours) as p90_resolution_hours,
        percentile_cont(0.95) within group (order by resolution_hours) as p95_resolution_hours
    from deliveries
    group by generation_date, source_channel, complaint_category

),

totals as (

    select
        delivered_days.generation_date,
        delivered_days.source_channel,
        categories.complaint_category,
        coalesce(daily.total_complaints, 0) as total_complaints
    from delivered_days
    inner join categories
        on delivered_days.source_channel = categories.source_channel
    left join daily
        on delivered_days.generation_date = daily.generation_date
        and delivered_days.source_channel = daily.source_channel
        and categories.complaint_category = daily.complaint_category

),

-- Days may be missing, so earlier days are found by date and not by counting rows back.
trends as (

    select
        today.generation_date,
        today.source_channel,
        today.complaint_category,
        avg(
            iff(past.generation_date > dateadd('day', -7, today.generation_date), cast(past.total_complaints as float), null)
        ) as total_7_day_mean,
        max(iff(past.generation_date = dateadd('day', -1, today.generation_date), past.total_complaints, null)) as total_day_before,
        max(iff(past.generation_date = dateadd('day', -7, today.generation_date), past.total_complaints, null)) as total_week_before
    from totals as today
    inner join totals as past
        on today.source_channel = past.source_channel
        and today.complaint_category = past.complaint_category
        and past.generation_date between dateadd('day', -7, today.generation_date) and today.generation_date
    group by today.generation_date, today.source_channel, today.complaint_category

)

select
    daily.generation_date,
    daily.source_channel,
    daily.complaint_category,
    cast(daily.total_complaints as number(38, 0)) as total_complaints,
    cast(daily.total_complaints - daily.resolved_complaints as number(38, 0)) as open_complaints,
    cast(daily.resolved_complaints as number(38, 0)) as resolved_complaints,
    cast(daily.resolved_complaints as float) / daily.total_complaints as resolution_rate,
    daily.median_resolution_hours,
    daily.p90_resolution_hours,
    daily.p95_resolution_hours,
    trends.total_7_day_mean,
    cast(daily.total_complaints - trends.total_day_before as number(38, 0)) as total_change_by_day,
    cast(daily.total_complaints - trends.total_week_before as number(38, 0)) as total_change_by_week
from daily
left join trends
    on daily.generation_date = trends.generation_date
    and daily.source_channel = trends.source_channel
    and daily.complaint_category = trends.complaint_category
