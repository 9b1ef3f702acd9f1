mock_provider "snowflake" {
  override_during = plan

  mock_resource "snowflake_schema" {
    defaults = { fully_qualified_name = "\"CORETELECOMS\".\"MOCK\"" }
  }

  mock_resource "snowflake_stage_external_s3" {
    defaults = { fully_qualified_name = "\"CORETELECOMS\".\"RAW\".\"RAW_ZONE\"" }
  }
}

mock_provider "snowflake" {
  alias           = "security"
  override_during = plan

  mock_resource "snowflake_network_policy" {
    defaults = { fully_qualified_name = "\"CX_SERVICES\"" }
  }
}

mock_provider "snowflake" {
  alias           = "account"
  override_during = plan

  mock_resource "snowflake_masking_policy" {
    defaults = { fully_qualified_name = "\"CORETELECOMS\".\"GOVERNANCE\".\"PERSONAL_DATA\"" }
  }

  mock_resource "snowflake_tag" {
    defaults = { fully_qualified_name = "\"CORETELECOMS\".\"GOVERNANCE\".\"PERSONAL_DATA\"" }
  }
}

variables {
  organization_name   = "EXAMPLE"
  account_name        = "CX"
  raw_bucket          = "coretelecoms-raw-zone"
  storage_role_arn    = "arn:aws:iam::222222222222:role/cx-snowflake-storage"
  storage_external_id = "an-external-id-of-some-length"
  allowed_addresses   = ["192.0.2.0/28"]
  # The form of keys, and keys of nobody.
  public_keys = {
    CX_LOADER      = { first = format("MII%s", join("", [for i in range(340) : "A"])), second = format("MII%s", join("", [for i in range(340) : "B"])) }
    CX_MIGRATOR    = { first = format("MII%s", join("", [for i in range(340) : "C"])) }
    CX_TRANSFORMER = { first = format("MII%s", join("", [for i in range(340) : "D"])) }
  }
}

run "service_users_have_key_pairs_and_no_password" {
  command = plan

  assert {
    condition     = toset(keys(snowflake_service_user.platform)) == toset(["CX_LOADER", "CX_MIGRATOR", "CX_TRANSFORMER"])
    error_message = "the platform logs in as three service users"
  }

  # The type has no password to set: this names whoever would turn one of them into a person.
  assert {
    condition     = alltrue([for user in snowflake_service_user.platform : startswith(user.rsa_public_key, "MII") && !can(user.password)])
    error_message = "a user must have a key and cannot have a password"
  }

  assert {
    condition     = startswith(snowflake_service_user.platform["CX_LOADER"].rsa_public_key_2, "MIIB") && snowflake_service_user.platform["CX_MIGRATOR"].rsa_public_key_2 == null
    error_message = "a second key must be live while the first is replaced, and none otherwise"
  }

  assert {
    condition     = alltrue([for user in snowflake_service_user.platform : user.network_policy == snowflake_network_policy.services.fully_qualified_name && user.default_secondary_roles_option == "NONE"])
    error_message = "a user must come from the listed addresses, with its one role"
  }

  assert {
    condition     = snowflake_network_policy.services.allowed_ip_list == toset(["192.0.2.0/28"])
    error_message = "the network policy must allow the listed addresses only"
  }
}

run "each_user_takes_one_role" {
  command = plan

  assert {
    condition = tomap({ for user, grant in snowflake_grant_account_role.user : grant.user_name => grant.role_name }) == tomap({
      CX_LOADER      = "CX_LOADER"
      CX_MIGRATOR    = "CX_ADMIN"
      CX_TRANSFORMER = "CX_TRANSFORMER"
    })
    error_message = "a user has another role than its work needs"
  }

  assert {
    condition = tomap({ for role, grant in snowflake_grant_account_role.tree : grant.role_name => grant.parent_role_name }) == tomap({
      CX_ADMIN       = "SYSADMIN"
      CX_ANALYST     = "CX_TRANSFORMER"
      CX_LOADER      = "CX_ADMIN"
      CX_TRANSFORMER = "CX_ADMIN"
    })
    error_message = "the tree of roles is another"
  }
}

run "each_role_has_exactly_its_rights" {
  command = plan

  assert {
    condition = tomap({ for grant in snowflake_grant_privileges_to_account_role.database : grant.account_role_name => join(" ", sort(grant.privileges)) }) == tomap({
      CX_ADMIN       = "CREATE SCHEMA USAGE"
      CX_ANALYST     = "USAGE"
      CX_LOADER      = "USAGE"
      CX_TRANSFORMER = "USAGE"
    })
    error_message = "a role has other rights on the database"
  }

  assert {
    condition = tomap({ for key, grant in snowflake_grant_privileges_to_account_role.schema : key => join(", ", sort(grant.privileges)) }) == tomap({
      CX_ADMIN-OPS                = "CREATE STAGE, CREATE TABLE, USAGE"
      CX_ADMIN-RAW                = "CREATE STAGE, CREATE TABLE, USAGE"
      CX_ANALYST-MARTS            = "USAGE"
      CX_LOADER-OPS               = "USAGE"
      CX_LOADER-RAW               = "USAGE"
      CX_TRANSFORMER-INTERMEDIATE = "CREATE TABLE, CREATE VIEW, USAGE"
      CX_TRANSFORMER-MARTS        = "CREATE TABLE, CREATE VIEW, USAGE"
      CX_TRANSFORMER-OPS          = "USAGE"
      CX_TRANSFORMER-RAW          = "USAGE"
      CX_TRANSFORMER-SNAPSHOTS    = "CREATE TABLE, CREATE VIEW, USAGE"
      CX_TRANSFORMER-STAGING      = "CREATE TABLE, CREATE VIEW, USAGE"
    })
    error_message = "a role has other rights on a schema"
  }

  assert {
    condition = tomap({ for key, grant in snowflake_grant_privileges_to_account_role.future : key => join(", ", sort(grant.privileges)) }) == tomap({
      CX_ANALYST-MARTS-TABLES   = "SELECT"
      CX_ANALYST-MARTS-VIEWS    = "SELECT"
      CX_LOADER-RAW-TABLES      = "DELETE, INSERT, SELECT"
      CX_TRANSFORMER-RAW-TABLES = "SELECT"
    })
    error_message = "a role has other rights on tables to come"
  }

  assert {
    condition = alltrue([
      for grant in concat(
        values(snowflake_grant_privileges_to_account_role.database), values(snowflake_grant_privileges_to_account_role.schema),
        values(snowflake_grant_privileges_to_account_role.future), values(snowflake_grant_privileges_to_account_role.stage),
        values(snowflake_grant_privileges_to_account_role.integration), values(snowflake_grant_privileges_to_account_role.warehouse),
      ) : grant.all_privileges != true && grant.with_grant_option != true
    ])
    error_message = "no grant may be of everything, and none may be handed on"
  }
}

run "nobody_gets_the_tables_of_ops_by_the_schema" {
  command = plan

  assert {
    condition     = length([for key in keys(snowflake_grant_privileges_to_account_role.future) : key if strcontains(key, "-OPS-")]) == 0
    error_message = "a grant on all tables of OPS would hand out the pseudonym key"
  }

  assert {
    condition     = alltrue([for schema in snowflake_schema.platform : schema.with_managed_access == "true"]) && snowflake_schema.governance.with_managed_access == "true"
    error_message = "whoever owns a table must not grant it"
  }
}

run "keys_that_are_not_well_formed_are_refused" {
  command = plan

  variables {
    public_keys = {
      CX_LOADER      = { first = "-----BEGIN PUBLIC KEY-----" }
      CX_MIGRATOR    = { first = format("MII%s", join("", [for i in range(340) : "C"])) }
      CX_TRANSFORMER = { first = format("MII%s", join("", [for i in range(340) : "D"])) }
    }
  }

  expect_failures = [var.public_keys]
}

run "one_key_for_two_users_is_refused" {
  command = plan

  variables {
    public_keys = {
      CX_LOADER      = { first = format("MII%s", join("", [for i in range(340) : "C"])) }
      CX_MIGRATOR    = { first = format("MII%s", join("", [for i in range(340) : "C"])) }
      CX_TRANSFORMER = { first = format("MII%s", join("", [for i in range(340) : "D"])) }
    }
  }

  expect_failures = [var.public_keys]
}

run "the_whole_internet_is_refused" {
  command = plan

  variables {
    allowed_addresses = ["0.0.0.0/0"]
  }

  expect_failures = [var.allowed_addresses]
}
