with source as (

    select * from {{ ref('base_agents') }}

),

renamed as (

    select
        agent_id,
        full_name,
        experience,
        state_name,
        state_code,
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
