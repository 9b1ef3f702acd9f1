resource "snowflake_storage_integration_aws" "raw_zone" {
  provider = snowflake.account

  name                    = "CX_RAW_ZONE"
  comment                 = "Raw zone of the CX platform"
  enabled                 = true
  storage_provider        = "S3"
  storage_aws_role_arn    = var.storage_role_arn
  storage_aws_external_id = var.storage_external_id
  # The stage begins at the top of the bucket, because manifests name keys from there; what may be read below is the
  # role's to say.
  storage_allowed_locations = ["s3://${var.raw_bucket}/"]
}

resource "snowflake_grant_privileges_to_account_role" "integration" {
  for_each = toset(["CX_ADMIN", "SYSADMIN"])
  provider = snowflake.account

  account_role_name = each.key
  privileges        = ["USAGE"]

  on_account_object {
    object_type = "INTEGRATION"
    object_name = snowflake_storage_integration_aws.raw_zone.name
  }

  depends_on = [snowflake_account_role.platform]
}

# The one that the loader copies from; its migrate finds it and makes none of its own.
resource "snowflake_stage_external_s3" "raw_zone" {
  database            = snowflake_database.platform.name
  schema              = snowflake_schema.platform["RAW"].name
  name                = "RAW_ZONE"
  comment             = "Raw zone of the CX platform"
  url                 = "s3://${var.raw_bucket}/"
  storage_integration = snowflake_storage_integration_aws.raw_zone.name

  file_format {
    parquet {}
  }

  depends_on = [snowflake_grant_privileges_to_account_role.integration]
}

resource "snowflake_grant_privileges_to_account_role" "stage" {
  for_each = toset(["CX_ADMIN", "CX_LOADER"])
  provider = snowflake.security

  account_role_name = snowflake_account_role.platform[each.key].name
  privileges        = ["USAGE"]

  on_schema_object {
    object_type = "STAGE"
    object_name = snowflake_stage_external_s3.raw_zone.fully_qualified_name
  }
}
