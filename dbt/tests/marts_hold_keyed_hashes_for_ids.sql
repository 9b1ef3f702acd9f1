select 'fct_complaint' as mart, complaint_key as exposed_key
from {{ ref('fct_complaint') }}
where regexp_substr(complaint_key, '^[0-9a-f]{64}$') is null

union all

select 'dim_customer' as mart, customer_key as exposed_key
from {{ ref('dim_customer') }}
where customer_key <> 'unknown' and regexp_substr(customer_key, '^[0-9a-f]{64}$') is null

union all

select 'dim_agent' as mart, agent_key as exposed_key
from {{ ref('dim_agent') }}
where agent_key <> 'unknown' and regexp_substr(agent_key, '^[0-9a-f]{64}$') is null
