with source as (

    select * from {{ ref('base_call_logs') }}

),

renamed as (

    select
        call_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        call_started_at,
        call_ended_at,
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
