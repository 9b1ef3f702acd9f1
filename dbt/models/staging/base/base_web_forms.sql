with source as (

    {{ delivered_rows('web_forms') | indent(4) }}

),

renamed as (

    select
        request_id,
        customer_id,
        agent_id,
        complaint_category,
        resolution_status,
        requested_at,
        resolved_at,
        generation_date,
        partition_date,
        {{ is_newest_delivery('request_id') | indent(8) }} as is_newest_delivery,
        _loaded_at,
        _load_id,
        _source_uri,
        _source_row,
        _contract_version
    from source

),

repaired as (

    select
        typed.request_id,
        typed.customer_id,
        typed.agent_id,
        {{ contract_spelling('complaint_category') }} as complaint_category,
        {{ contract_spelling('resolution_status') }} as resolution_status,
        typed.requested_at,
        typed.resolved_at,
        typed.generation_date,
        typed.partition_date,
        typed.is_newest_delivery,
        typed._loaded_at,
        typed._load_id,
        typed._source_uri,
        typed._source_row,
        typed._contract_version
    from renamed as typed
    {{ join_contract_values('complaint_category') | indent(4) }}
    {{ join_contract_values('resolution_status') | indent(4) }}

)

select * from repaired
