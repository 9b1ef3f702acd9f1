# One role an app, with exactly the verbs of its template. Who may take it depends on where the steps run.
resource "aws_iam_role" "app" {
  for_each = toset(local.apps)

  name                 = "cx-${each.key}"
  description          = "What ${each.key} may do in AWS"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = local.step_trust[each.key] })
  permissions_boundary = aws_iam_policy.boundary.arn
  max_session_duration = 12 * 60 * 60

  lifecycle {
    precondition {
      condition     = length(local.step_trust[each.key]) > 0
      error_message = "Nobody could take the roles of the apps: name ecs_cluster_name, eks_cluster_name or both."
    }
  }
}

resource "aws_iam_role_policy" "app" {
  for_each = aws_iam_role.app

  name   = each.value.name
  role   = each.value.name
  policy = templatefile("${path.module}/../policies/${each.key}.json", local.policy_values)
}

# By which Snowflake reads the raw zone. It trusts a user of Snowflake's own account, which is known only when the
# integration stands; the role's ARN is known before.
resource "aws_iam_role" "snowflake_storage" {
  count = local.snowflake_iam_user_arn == null ? 0 : 1

  name        = "cx-snowflake-storage"
  description = "By which Snowflake reads the raw zone"
  assume_role_policy = templatefile("${path.module}/../policies/trust/snowflake-storage.json", {
    snowflake_iam_user_arn = local.snowflake_iam_user_arn
    external_id            = var.snowflake_external_id
  })
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "snowflake_storage" {
  count = length(aws_iam_role.snowflake_storage)

  name   = aws_iam_role.snowflake_storage[0].name
  role   = aws_iam_role.snowflake_storage[0].name
  policy = templatefile("${path.module}/../policies/snowflake-storage.json", local.policy_values)
}

# The most that any role of the platform may ever hold, whatever policy is put on it: pipelines that apply this root can
# make roles, but none stronger than this.
resource "aws_iam_policy" "boundary" {
  name        = "cx-boundary"
  description = "The most that a role of the CX platform may hold"
  policy      = templatefile("${path.module}/../policies/deployment/boundary.json", local.policy_values)
}
