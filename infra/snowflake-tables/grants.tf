locals {
  # Until these stand the loader can write no ledger, and so loads nothing: no row of RAW is there before its masks are.
  # REFERENCES shows the shape of a table and none of its rows: `check` compares every table with its contract.
  table_privileges = {
    CX_LOADER = {
      LOAD_LEDGER      = ["INSERT", "SELECT", "UPDATE"]
      LOADED_PARTS     = ["DELETE", "INSERT", "SELECT"]
      LOAD_LOCK        = ["SELECT", "UPDATE"]
      PSEUDONYM_KEY    = ["REFERENCES"]
      QUARANTINED_ROWS = ["DELETE", "INSERT", "SELECT"]
      RUN_LOG          = ["INSERT", "SELECT"]
    }
    CX_TRANSFORMER = {
      LOAD_LEDGER      = ["SELECT"]
      LOADED_PARTS     = ["SELECT"]
      PSEUDONYM_KEY    = ["SELECT"]
      QUARANTINED_ROWS = ["SELECT"]
      RUN_LOG          = ["SELECT"]
    }
  }

  table_grants = merge([
    for role, tables in local.table_privileges : {
      for table, privileges in tables : "${role}-${table}" => { role = role, table = table, privileges = privileges }
    }
  ]...)
}

resource "snowflake_grant_privileges_to_account_role" "table" {
  for_each = local.table_grants

  account_role_name = each.value.role
  privileges        = each.value.privileges

  on_schema_object {
    object_type = "TABLE"
    object_name = "\"${var.database}\".\"OPS\".\"${each.value.table}\""
  }

  depends_on = [snowflake_tag_association.personal_data]
}
