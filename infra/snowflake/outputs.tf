output "settings" {
  description = "Settings of .env.example that follow from this account, by what runs with them. Private keys lie in Parameter Store."
  value = {
    for user, facts in local.users : user => {
      CX_SNOWFLAKE_ACCOUNT             = "${var.organization_name}-${var.account_name}"
      CX_SNOWFLAKE_USER                = snowflake_service_user.platform[user].name
      CX_SNOWFLAKE_ROLE                = facts.role
      CX_SNOWFLAKE_WAREHOUSE           = facts.warehouse
      CX_SNOWFLAKE_DATABASE            = snowflake_database.platform.name
      CX_SNOWFLAKE_STORAGE_INTEGRATION = snowflake_storage_integration_aws.raw_zone.name
    }
  }
}

output "storage_iam_user_arn" {
  description = "AWS user by which Snowflake takes the storage role: snowflake_iam_user_arn of ../aws."
  value       = snowflake_storage_integration_aws.raw_zone.describe_output[0].iam_user_arn
}

output "personal_data_tag" {
  description = "Tag that masks a column, for ../snowflake-tables."
  value       = snowflake_tag.personal_data.fully_qualified_name
}
