select
    category_key,
    complaint_category,
    category_key = 0 as is_unlisted
from {{ ref('category_members') }}
