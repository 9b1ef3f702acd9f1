with days as (

    {{ dbt.date_spine('day', "cast('" ~ var('calendar_start') ~ "' as date)", "cast('" ~ var('calendar_end') ~ "' as date)") | indent(4) }}

),

dated as (

    select cast(date_day as date) as date_day
    from days

)

select
    cast(year(date_day) * 10000 + month(date_day) * 100 + day(date_day) as number(38, 0)) as date_key,
    date_day,
    cast(year(date_day) as number(38, 0)) as year_number,
    cast(quarter(date_day) as number(38, 0)) as quarter_number,
    cast(month(date_day) as number(38, 0)) as month_number,
    cast(date_trunc('month', date_day) as date) as month_start_date,
    cast(yearofweekiso(date_day) as number(38, 0)) as iso_year_number,
    cast(weekiso(date_day) as number(38, 0)) as iso_week_number,
    cast(dayofweekiso(date_day) as number(38, 0)) as iso_weekday_number,
    dayname(date_day) as weekday_name,
    dayofweekiso(date_day) >= 6 as is_weekend
from dated
