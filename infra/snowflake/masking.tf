locals {
  # Roles that see personal data in clear: the loader, because it proves the fingerprint of what it has loaded, and dbt.
  # The role of the session counts and not what it inherits, so an administrator sees masks.
  sighted_roles = "CURRENT_ROLE() IN ('CX_LOADER', 'CX_TRANSFORMER')"

  # A tag takes one policy a type, and the policy must return the type it is given.
  masks = {
    VARCHAR = "'***'"
    DATE    = "CAST(NULL AS DATE)"
  }
}

resource "snowflake_masking_policy" "personal_data" {
  for_each = local.masks
  provider = snowflake.account

  database = snowflake_database.platform.name
  schema   = snowflake_schema.governance.name
  name     = "PERSONAL_DATA_${each.key}"
  comment  = "Shows personal data of the type ${each.key} to the loader and to dbt only"

  argument {
    name = "VALUE"
    type = each.key
  }

  return_data_type = each.key
  body             = "CASE WHEN ${local.sighted_roles} OR VALUE IS NULL THEN VALUE ELSE ${each.value} END"
}

# Carries the policies to every column that it is put on; ../snowflake-tables puts it there. Views on those columns, as
# in STAGING, show the mask too, so nothing has to be repeated when dbt makes them anew.
resource "snowflake_tag" "personal_data" {
  provider = snowflake.account

  database               = snowflake_database.platform.name
  schema                 = snowflake_schema.governance.name
  name                   = "PERSONAL_DATA"
  comment                = "Class of personal data, as in the dataset contracts"
  ordered_allowed_values = ["direct", "indirect"]
  masking_policies       = [for policy in snowflake_masking_policy.personal_data : policy.fully_qualified_name]
}
