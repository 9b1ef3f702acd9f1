locals {
  # What each role may do with a schema. Rights on tables of OPS stand in ../snowflake-tables: one table there holds the
  # pseudonym key, and a grant on all tables of the schema, present or future, would hand it out.
  schema_privileges = {
    CX_ADMIN = { for schema in ["RAW", "OPS"] : schema => ["CREATE STAGE", "CREATE TABLE", "USAGE"] }
    CX_LOADER = {
      for schema in ["RAW", "OPS"] : schema => ["USAGE"]
    }
    CX_TRANSFORMER = merge(
      { for schema in ["RAW", "OPS"] : schema => ["USAGE"] },
      { for schema in local.transformed_schemas : schema => ["CREATE TABLE", "CREATE VIEW", "USAGE"] },
    )
    CX_ANALYST = { MARTS = ["USAGE"] }
  }

  schema_grants = merge([
    for role, schemas in local.schema_privileges : {
      for schema, privileges in schemas : "${role}-${schema}" => { role = role, schema = schema, privileges = privileges }
    }
  ]...)

  # Named by what they say, so that what is tested by its name is what is granted.
  future_grants = {
    for grant in [
      { role = "CX_LOADER", schema = "RAW", objects = "TABLES", privileges = ["DELETE", "INSERT", "SELECT"] },
      { role = "CX_TRANSFORMER", schema = "RAW", objects = "TABLES", privileges = ["SELECT"] },
      { role = "CX_ANALYST", schema = "MARTS", objects = "TABLES", privileges = ["SELECT"] },
      { role = "CX_ANALYST", schema = "MARTS", objects = "VIEWS", privileges = ["SELECT"] },
    ] : "${grant.role}-${grant.schema}-${grant.objects}" => grant
  }
}

resource "snowflake_grant_privileges_to_account_role" "database" {
  for_each = {
    CX_ADMIN       = ["CREATE SCHEMA", "USAGE"]
    CX_ANALYST     = ["USAGE"]
    CX_LOADER      = ["USAGE"]
    CX_TRANSFORMER = ["USAGE"]
  }
  provider = snowflake.security

  account_role_name = snowflake_account_role.platform[each.key].name
  privileges        = each.value

  on_account_object {
    object_type = "DATABASE"
    object_name = snowflake_database.platform.name
  }
}

resource "snowflake_grant_privileges_to_account_role" "warehouse" {
  for_each = merge(
    { for warehouse, facts in local.warehouses : "${facts.role}-${warehouse}" => { role = facts.role, warehouse = warehouse } },
    { CX_ADMIN-CX_LOAD = { role = "CX_ADMIN", warehouse = "CX_LOAD" } },
  )
  provider = snowflake.account

  account_role_name = snowflake_account_role.platform[each.value.role].name
  privileges        = ["USAGE"]

  on_account_object {
    object_type = "WAREHOUSE"
    object_name = snowflake_warehouse.platform[each.value.warehouse].name
  }
}

resource "snowflake_grant_privileges_to_account_role" "schema" {
  for_each = local.schema_grants
  provider = snowflake.security

  account_role_name = snowflake_account_role.platform[each.value.role].name
  privileges        = each.value.privileges

  on_schema {
    schema_name = snowflake_schema.platform[each.value.schema].fully_qualified_name
  }
}

resource "snowflake_grant_privileges_to_account_role" "future" {
  for_each = local.future_grants
  provider = snowflake.security

  account_role_name = snowflake_account_role.platform[each.value.role].name
  privileges        = each.value.privileges

  on_schema_object {
    future {
      object_type_plural = each.value.objects
      in_schema          = snowflake_schema.platform[each.value.schema].fully_qualified_name
    }
  }
}
