with source as (

    select * from {{ ref('base_social_media') }}

),

renamed as (

    select
        complaint_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        media_channel,
        requested_at,
        resolved_at,
        generation_date,
        partition_date,
        _loaded_at,
        _load_id,
        _source_uri,
        _source_row,
        _contract_version
    from source
    where is_newest_delivery

)

select * from renamed
