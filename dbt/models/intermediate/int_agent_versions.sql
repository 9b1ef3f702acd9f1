{%- set attributes = ['experience', 'state_name', 'state_code'] %}
with deliveries as (

    select
        {{ pseudonym('agent', 'agents.agent_id') }} as agent_key,
        {% for attribute in attributes -%}
        agents.{{ attribute }},
        {% endfor -%}
        {{ version_signature(attributes) | indent(8) }} as signature,
        agents.partition_date
    from {{ ref('base_agents') }} as agents
    {{ pseudonym_key_row() }}

),

{{ version_ctes('agent_key') }}

select
    agent_key,
    experience,
    state_name,
    state_code,
    valid_from,
    valid_to,
    is_current,
    last_delivered_on
from versions
