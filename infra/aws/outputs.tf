output "settings" {
  description = "Settings of .env.example that follow from this account. The secrets lie in Parameter Store."
  value = {
    AWS_REGION                 = var.region
    CX_RAW_BUCKET              = aws_s3_bucket.raw_zone.bucket
    CX_SOURCE_BUCKET           = var.source_bucket
    CX_PSEUDONYM_KEY_PARAMETER = aws_ssm_parameter.secret["pseudonym_key"].name
  }
}

output "app_role_arns" {
  description = "Role of each app: the task role on ECS."
  value       = { for app, role in aws_iam_role.app : app => role.arn }
}

output "launch_role_arns" {
  description = "Execution role of each step on ECS."
  value       = { for step, role in aws_iam_role.launch : step => role.arn }
}

output "snowflake_storage_role_arn" {
  description = "Role by which Snowflake reads the raw zone, for ../snowflake; known before it stands."
  value       = "${local.role_arn_prefix}/cx-snowflake-storage"
}

output "github_role_arns" {
  description = "Roles of the workflows: plan, apply, images."
  value       = { for name, role in aws_iam_role.github : name => role.arn }
}

output "image_repository_urls" {
  description = "Where each image is pushed to and pulled from."
  value       = { for image, repository in aws_ecr_repository.image : image => repository.repository_url }
}

output "log_groups" {
  description = "Log group of each step."
  value       = { for step, group in aws_cloudwatch_log_group.step : step => group.name }
}

output "secret_parameters" {
  description = "Parameters that hold the secrets, and the step that is started with each; null where the app reads it itself."
  value       = { for key, secret in local.secrets : key => { name = secret.name, step = secret.step } }
}
