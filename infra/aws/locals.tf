locals {
  # Everything that runs under a role of its own, by the policy in ../policies that is called like it.
  apps = ["extract-s3", "extract-postgres", "extract-sheets", "loader-snowflake", "loader-snowflake-migrate"]

  # The steps that Airflow starts. dbt speaks to Snowflake only: it has no verb in AWS.
  steps = concat(local.apps, ["dbt"])

  # The loader once more for `migrate` and `check`: the same image under another role, which alone reads the pseudonym key.
  images = { for step in local.steps : step => step == "loader-snowflake-migrate" ? "loader-snowflake" : step }

  # What the placeholders of the templates stand for; the sandbox fills the same ones with its two local accounts.
  policy_values = {
    raw_bucket         = var.raw_bucket
    source_bucket      = var.source_bucket
    own_account_id     = var.own_account_id
    source_account_id  = var.source_account_id
    region             = var.region
    raw_key_arn        = aws_kms_key.raw_zone.arn
    parameters_key_arn = aws_kms_key.parameters.arn
  }

  deployment_values = merge(local.policy_values, {
    state_bucket  = var.state_bucket
    state_key_arn = var.state_key_arn
  })

  # A workflow passes a repository variable that is not set as an empty text.
  ecs_cluster_name       = var.ecs_cluster_name == "" ? null : var.ecs_cluster_name
  eks_cluster_name       = var.eks_cluster_name == "" ? null : var.eks_cluster_name
  snowflake_iam_user_arn = var.snowflake_iam_user_arn == "" ? null : var.snowflake_iam_user_arn

  role_arn_prefix = "arn:aws:iam::${var.own_account_id}:role"
}
