select
    channel_key,
    source_channel,
    channel_name
from {{ ref('channel_members') }}
