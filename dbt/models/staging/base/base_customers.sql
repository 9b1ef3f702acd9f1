with source as (

    {{ delivered_rows('customers') | indent(4) }}

),

renamed as (

    select
        customer_id,
        full_name,
        gender,
        birth_date,
        signup_date,
        trim(email) as email,
        -- split_part counts from the end for negative positions: an address may hold more than one at sign
        iff(position('@' in email) > 0, nullif(lower(trim(split_part(email, '@', -1))), ''), null) as email_domain,
        replace(replace(address, chr(13) || chr(10), chr(10)), chr(13), chr(10)) as address,
        partition_date,
        _loaded_at,
        _load_id,
        _source_uri,
        _source_row,
        _contract_version
    from source

),

typed as (

    select
        *,
        trim(split_part(address, chr(10), -1)) as place,
        iff(
            position(chr(10) in address) > 0,
            nullif(trim(left(address, length(address) - length(split_part(address, chr(10), -1)) - 1)), ''),
            null
        ) as street,
        {{ is_newest_delivery('customer_id') | indent(8) }} as is_newest_delivery
    from renamed

),

-- The place is `City, ST 12345` or, for the forces, `APO AA 12345`: the code is whatever stands before the ZIP.
placed as (

    select
        *,
        nullif(regexp_substr(place, '^(.*[^ ,])[ ,]+[A-Za-z]{2} +[0-9]{5}(-[0-9]{4})?$', 1, 1, 'e', 1), '') as city,
        upper(nullif(regexp_substr(place, '(^|[ ,])([A-Za-z]{2}) +[0-9]{5}(-[0-9]{4})?$', 1, 1, 'e', 2), '')) as typed_code,
        nullif(regexp_substr(place, '(^|[ ,])[A-Za-z]{2} +([0-9]{5}(-[0-9]{4})?)$', 1, 1, 'e', 2), '') as zip_code
    from typed

),

repaired as (

    select
        typed.customer_id,
        typed.full_name,
        {{ contract_spelling('gender') }} as gender,
        typed.birth_date,
        typed.signup_date,
        iff(
            domain_repair.repaired_domain is null,
            typed.email,
            left(typed.email, length(typed.email) - length(split_part(typed.email, '@', -1)))
            || domain_repair.repaired_domain
        ) as email,
        coalesce(domain_repair.repaired_domain, typed.email_domain) as email_domain,
        typed.street,
        typed.city,
        region.region_code as state_code,
        region.region_type,
        typed.zip_code,
        typed.partition_date,
        typed.is_newest_delivery,
        typed._loaded_at,
        typed._load_id,
        typed._source_uri,
        typed._source_row,
        typed._contract_version
    from placed as typed
    {{ join_contract_values('gender') | indent(4) }}
    left join {{ ref('email_domain_repairs') }} as domain_repair
        on typed.email_domain = domain_repair.typed_domain
    left join {{ ref('us_regions') }} as region
        on typed.typed_code = region.region_code

)

select * from repaired
