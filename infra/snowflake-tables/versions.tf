terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    snowflake = {
      source  = "snowflakedb/snowflake"
      version = "~> 2.20"
    }
  }

  backend "s3" {
    key          = "coretelecoms/snowflake-tables.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}
