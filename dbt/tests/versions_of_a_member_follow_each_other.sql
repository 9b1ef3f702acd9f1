-- No gap and no overlap between versions, and one current version a member.
{%- for dimension, key in [('dim_customer', 'customer_key'), ('dim_agent', 'agent_key')] %}
select
    '{{ dimension }}' as dimension,
    member_key
from (
    select
        {{ key }} as member_key,
        valid_to,
        is_current,
        lead(valid_from) over (partition by {{ key }} order by valid_from) as next_valid_from
    from {{ ref(dimension) }}
) as versions
where
    coalesce(valid_to, cast('9999-12-31' as date)) <> coalesce(next_valid_from, cast('9999-12-31' as date))
    or is_current <> (valid_to is null)
{{ 'union all' if not loop.last }}
{%- endfor %}
