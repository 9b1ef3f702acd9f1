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

run "warehouses_sleep_soon_and_stop_at_the_budget" {
  command = plan

  assert {
    condition = alltrue([
      for warehouse in snowflake_warehouse.platform :
      warehouse.auto_suspend <= 60 && warehouse.initially_suspended && warehouse.resource_monitor == "CX_MONTH" && warehouse.statement_timeout_in_seconds <= 3600
    ]) && length(snowflake_warehouse.platform) == 3
    error_message = "every warehouse must suspend within a minute, stand under the monitor and end long statements"
  }

  assert {
    condition     = snowflake_resource_monitor.month.credit_quota == 60 && snowflake_resource_monitor.month.suspend_trigger == 100 && snowflake_resource_monitor.month.frequency == "MONTHLY"
    error_message = "the monitor must suspend at the quota of the month"
  }
}

run "snowflake_reads_the_raw_zone_through_our_role" {
  command = plan

  assert {
    condition = (
      snowflake_storage_integration_aws.raw_zone.storage_aws_role_arn == "arn:aws:iam::222222222222:role/cx-snowflake-storage"
      && snowflake_storage_integration_aws.raw_zone.storage_aws_external_id == "an-external-id-of-some-length"
      && snowflake_storage_integration_aws.raw_zone.storage_allowed_locations == toset(["s3://coretelecoms-raw-zone/"])
    )
    error_message = "the integration must take our role, with our external id, for our bucket only"
  }

  assert {
    condition = (
      snowflake_stage_external_s3.raw_zone.schema == "RAW"
      && snowflake_stage_external_s3.raw_zone.name == "RAW_ZONE"
      && snowflake_stage_external_s3.raw_zone.url == "s3://coretelecoms-raw-zone/"
      && snowflake_stage_external_s3.raw_zone.storage_integration == "CX_RAW_ZONE"
      && length(snowflake_stage_external_s3.raw_zone.credentials) == 0
    )
    error_message = "the stage must be the loader's RAW.RAW_ZONE, by the integration and without a key"
  }
}

run "personal_data_is_masked_for_all_but_two_roles" {
  command = plan

  assert {
    condition = alltrue([
      for type, policy in snowflake_masking_policy.personal_data :
      startswith(policy.body, "CASE WHEN CURRENT_ROLE() IN ('CX_LOADER', 'CX_TRANSFORMER') OR VALUE IS NULL THEN VALUE ELSE ")
      && policy.return_data_type == type && policy.argument[0].type == type
    ])
    error_message = "only the loader and dbt may see personal data"
  }

  assert {
    condition = length(setsubtract(
      toset(jsondecode(file("../snowflake-tables/personal-columns.json"))[*].type),
      toset(keys(snowflake_masking_policy.personal_data)),
    )) == 0
    error_message = "a column of personal data has a type that no policy masks"
  }

  assert {
    condition = (
      length(snowflake_tag.personal_data.masking_policies) > 0
      && toset(snowflake_tag.personal_data.ordered_allowed_values) == toset(jsondecode(file("../snowflake-tables/personal-columns.json"))[*].personalData)
    )
    error_message = "the tag must carry the policies and know every class of the contracts"
  }
}

run "the_database_has_the_schemas_of_the_loader_and_dbt" {
  command = plan

  assert {
    condition     = toset(keys(snowflake_schema.platform)) == toset(["INTERMEDIATE", "MARTS", "OPS", "RAW", "SNAPSHOTS", "STAGING"]) && snowflake_database.platform.drop_public_schema_on_creation
    error_message = "the schemas are others than migrate and dbt expect"
  }

  assert {
    condition     = snowflake_database.platform.data_retention_time_in_days == 7
    error_message = "a bad load must be recoverable for a week"
  }
}

run "the_outputs_are_settings_of_the_apps" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for user, settings in output.settings : [
        for name, value in settings : length(regexall("(?m)^#? ?${name}=", file("../../.env.example"))) > 0 && value != ""
      ]
    ]))
    error_message = "a setting that is put out is none of .env.example"
  }
}
