{%- set datasets = ['customers', 'agents', 'call_logs', 'social_media', 'web_forms'] %}
with publications as (

    select
        dataset,
        partition_date,
        source_rows,
        landed_rows,
        quarantined_rows
    from {{ source('ops', 'load_ledger') }}
    where is_current

),

-- Each hop is counted where its rows lie now; nothing below is copied from the ledger or had by subtraction.
loaded as (

    {%- for dataset in datasets %}
    select
        '{{ dataset }}' as dataset,
        partition_date,
        count(*) as row_count
    from ({{ delivered_rows(dataset) | indent(4) }})
    group by partition_date
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

staged as (

    {%- for dataset in datasets %}
    select
        '{{ dataset }}' as dataset,
        partition_date,
        count(*) as row_count
    from {{ ref('stg_' ~ dataset) }}
    group by partition_date
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

deduplicated as (

    {%- for dataset in datasets %}
    select
        '{{ dataset }}' as dataset,
        partition_date,
        count(*) as row_count
    from {{ ref('base_' ~ dataset) }}
    where not is_newest_delivery
    group by partition_date
    {{ 'union all' if not loop.last }}
    {%- endfor %}

),

-- By partition and not by load: rows that a replay leaves aside keep the load that first set them aside.
quarantined as (

    select
        dataset,
        partition_date,
        count(*) as row_count
    from {{ source('ops', 'quarantined_rows') }}
    group by dataset, partition_date

),

counted as (

    select
        publications.dataset,
        publications.partition_date,
        publications.source_rows,
        publications.landed_rows,
        publications.quarantined_rows,
        coalesce(quarantined.row_count, 0) as quarantined_rows_kept,
        coalesce(loaded.row_count, 0) as loaded_rows,
        coalesce(staged.row_count, 0) as staged_rows,
        coalesce(deduplicated.row_count, 0) as deduplicated_rows
    from publications
    {%- for hop in ['quarantined', 'loaded', 'staged', 'deduplicated'] %}
    left join {{ hop }}
        on publications.dataset = {{ hop }}.dataset
        and publications.partition_date = {{ hop }}.partition_date
    {%- endfor %}

)

select
    dataset,
    partition_date,
    cast(source_rows as number(38, 0)) as source_rows,
    cast(landed_rows as number(38, 0)) as landed_rows,
    cast(quarantined_rows as number(38, 0)) as quarantined_rows,
    cast(loaded_rows as number(38, 0)) as loaded_rows,
    cast(staged_rows as number(38, 0)) as staged_rows,
    cast(deduplicated_rows as number(38, 0)) as deduplicated_rows,
    source_rows = landed_rows + quarantined_rows
    and landed_rows = loaded_rows
    and loaded_rows = staged_rows + deduplicated_rows
    and quarantined_rows = quarantined_rows_kept as is_balanced
from counted
