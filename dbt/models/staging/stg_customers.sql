with source as (

    select * from {{ ref('base_customers') }}

),

renamed as (

    select
        customer_id,
        full_name,
        gender,
        birth_date,
        signup_date,
        email,
        email_domain,
        street,
        city,
        state_code,
        region_type,
        zip_code,
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
