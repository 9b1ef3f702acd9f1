-- Orphans, unlisted categories and re-deliveries included: no join may lose or double a complaint.
with delivered as (

    select
        source_channel,
        count(distinct complaint_key) as complaints
    from {{ ref('int_complaint_deliveries') }}
    group by source_channel

),

facts as (

    select
        source_channel,
        count(*) as complaints
    from {{ ref('fct_complaint') }}
    group by source_channel

)

select
    coalesce(delivered.source_channel, facts.source_channel) as source_channel,
    delivered.complaints as delivered_complaints,
    facts.complaints as fact_complaints
from delivered
full outer join facts
    on delivered.source_channel = facts.source_channel
where coalesce(delivered.complaints, -1) <> coalesce(facts.complaints, -1)
