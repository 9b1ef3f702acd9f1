with complaints as (

    select * from {{ ref('int_complaints') }}

),

customers as (

    select customer_key
    from {{ ref('dim_customer') }}
    where is_current

),

agents as (

    select agent_key
    from {{ ref('dim_agent') }}
    where is_current

)

select
    complaints.complaint_key,
    complaints.source_channel,
    complaints.media_channel,
    coalesce(customers.customer_key, 'unknown') as customer_key,
    coalesce(agents.agent_key, 'unknown') as agent_key,
    channels.channel_key,
    coalesce(categories.category_key, 0) as category_key,
    coalesce(statuses.status_key, 0) as status_key,
    complaints.complaint_category,
    complaints.resolution_status,
    complaints.is_resolved,
    not complaints.is_resolved as is_open,
    complaints.opened_at,
    complaints.resolved_at,
    complaints.resolution_hours,
    complaints.handle_seconds,
    complaints.first_generation_date,
    complaints.last_generation_date,
    customers.customer_key is null as is_customer_unknown,
    agents.agent_key is null as is_agent_unknown
from complaints
left join customers
    on complaints.customer_key = customers.customer_key
left join agents
    on complaints.agent_key = agents.agent_key
left join {{ ref('dim_channel') }} as channels
    on complaints.source_channel = channels.source_channel
left join {{ ref('dim_category') }} as categories
    on complaints.complaint_category = categories.complaint_category
left join {{ ref('dim_status') }} as statuses
    on complaints.resolution_status = statuses.resolution_status
