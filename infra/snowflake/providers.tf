# Each kind of object is made by the system role that Snowflake means for it. The user and its private key come from
# SNOWFLAKE_USER and SNOWFLAKE_PRIVATE_KEY; it needs the three roles.
provider "snowflake" {
  organization_name = var.organization_name
  account_name      = var.account_name
  authenticator     = "SNOWFLAKE_JWT"
  role              = "SYSADMIN"
  # Preview in 2.20: integration and stage of one cloud each. Their predecessors are deprecated.
  preview_features_enabled = ["snowflake_stage_external_s3_resource"]
}

provider "snowflake" {
  alias             = "security"
  organization_name = var.organization_name
  account_name      = var.account_name
  authenticator     = "SNOWFLAKE_JWT"
  role              = "SECURITYADMIN"
}

provider "snowflake" {
  alias                    = "account"
  organization_name        = var.organization_name
  account_name             = var.account_name
  authenticator            = "SNOWFLAKE_JWT"
  role                     = "ACCOUNTADMIN"
  preview_features_enabled = ["snowflake_storage_integration_aws_resource"]
}
