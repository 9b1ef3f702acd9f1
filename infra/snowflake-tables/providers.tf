provider "snowflake" {
  organization_name = var.organization_name
  account_name      = var.account_name
  authenticator     = "SNOWFLAKE_JWT"
  role              = "SECURITYADMIN"
}

provider "snowflake" {
  alias             = "account"
  organization_name = var.organization_name
  account_name      = var.account_name
  authenticator     = "SNOWFLAKE_JWT"
  role              = "ACCOUNTADMIN"
}
