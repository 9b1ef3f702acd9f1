{%- set attributes = ['gender', 'email_domain', 'state_code', 'region_type', 'birth_date', 'signup_date'] %}
with deliveries as (

    select
        {{ pseudonym('customer', 'customers.customer_id') }} as customer_key,
        {% for attribute in attributes -%}
        customers.{{ attribute }},
        {% endfor -%}
        {{ version_signature(attributes) | indent(8) }} as signature,
        customers.partition_date
    from {{ ref('base_customers') }} as customers
    {{ pseudonym_key_row() }}

),

{{ version_ctes('customer_key') }},

banded as (

    select
        *,
        {{ whole_years('birth_date', as_of_date()) | indent(8) }} as age_years,
        {{ whole_years('signup_date', as_of_date()) | indent(8) }} as tenure_years
    from versions

)

select
    customer_key,
    gender,
    email_domain,
    state_code,
    region_type,
    {{ age_band('age_years') | indent(4) }} as age_band,
    {{ tenure_band('tenure_years') | indent(4) }} as tenure_band,
    valid_from,
    valid_to,
    is_current,
    last_delivered_on
from banded
