with source as (

    {{ delivered_rows('agents') | indent(4) }}

),

renamed as (

    select
        agent_id,
        full_name,
        experience,
        state as state_name,
        partition_date,
        {{ is_newest_delivery('agent_id') | indent(8) }} as is_newest_delivery,
        _loaded_at,
        _load_id,
        _source_uri,
        _source_row,
        _contract_version
    from source

),

repaired as (

    select
        typed.agent_id,
        typed.full_name,
        {{ contract_spelling('experience') }} as experience,
        coalesce(region.region_name, typed.state_name) as state_name,
        region.region_code as state_code,
        typed.partition_date,
        typed.is_newest_delivery,
        typed._loaded_at,
        typed._load_id,
        typed._source_uri,
        typed._source_row,
        typed._contract_version
    from renamed as typed
    {{ join_contract_values('experience') | indent(4) }}
    left join {{ ref('us_regions') }} as region
        on upper(typed.state_name) = upper(region.region_name)

)

select * from repaired
