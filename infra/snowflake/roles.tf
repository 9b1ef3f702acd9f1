locals {
  roles = {
    CX_LOADER      = "Loads publications into RAW and OPS"
    CX_ANALYST     = "Reads MARTS"
    CX_TRANSFORMER = "Reads RAW and OPS in clear, makes what lies between them and MARTS"
    CX_ADMIN       = "Makes and changes the tables of RAW and OPS"
  }

  # Who has whose rights: an administrator those of all, but not their sight; see masking.tf.
  parents = {
    CX_ANALYST     = "CX_TRANSFORMER"
    CX_LOADER      = "CX_ADMIN"
    CX_TRANSFORMER = "CX_ADMIN"
    CX_ADMIN       = "SYSADMIN"
  }
}

resource "snowflake_account_role" "platform" {
  for_each = local.roles
  provider = snowflake.security

  name    = each.key
  comment = each.value
}

resource "snowflake_grant_account_role" "tree" {
  for_each = local.parents
  provider = snowflake.security

  role_name        = snowflake_account_role.platform[each.key].name
  parent_role_name = each.value

  # A parent is a role of this root too, but for the topmost.
  depends_on = [snowflake_account_role.platform]
}

resource "snowflake_grant_account_role" "analyst" {
  for_each = var.analyst_users
  provider = snowflake.security

  role_name = snowflake_account_role.platform["CX_ANALYST"].name
  user_name = each.key
}
