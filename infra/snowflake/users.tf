locals {
  users = {
    CX_LOADER      = { role = "CX_LOADER", warehouse = "CX_LOAD", comment = "loader-snowflake run" }
    CX_MIGRATOR    = { role = "CX_ADMIN", warehouse = "CX_LOAD", comment = "loader-snowflake migrate and check" }
    CX_TRANSFORMER = { role = "CX_TRANSFORMER", warehouse = "CX_TRANSFORM", comment = "dbt" }
  }
}

# Of the type SERVICE: Snowflake takes a key from them and never a password.
resource "snowflake_service_user" "platform" {
  for_each = local.users
  provider = snowflake.security

  name                           = each.key
  comment                        = each.value.comment
  rsa_public_key                 = var.public_keys[each.key].first
  rsa_public_key_2               = var.public_keys[each.key].second
  default_role                   = snowflake_account_role.platform[each.value.role].name
  default_secondary_roles_option = "NONE"
  default_warehouse              = snowflake_warehouse.platform[each.value.warehouse].name
  default_namespace              = snowflake_database.platform.name
  network_policy                 = snowflake_network_policy.services.fully_qualified_name
}

resource "snowflake_grant_account_role" "user" {
  for_each = local.users
  provider = snowflake.security

  role_name = snowflake_account_role.platform[each.value.role].name
  user_name = snowflake_service_user.platform[each.key].name
}

resource "snowflake_network_policy" "services" {
  provider = snowflake.security

  name            = "CX_SERVICES"
  comment         = "Where the steps of the CX platform run"
  allowed_ip_list = var.allowed_addresses
}
