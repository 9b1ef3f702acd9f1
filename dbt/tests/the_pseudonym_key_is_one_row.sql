-- Every keyed hash cross joins this table: no row would empty the marts, two would double them.
select count(*) as key_rows
from {{ source('ops', 'pseudonym_key') }}
having count(*) <> 1 or count(pseudonym_key) <> 1
