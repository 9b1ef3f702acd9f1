locals {
  # Each role, and the one app that may take it.
  roles = {
    source-objects    = "cx-extract-s3"
    source-parameters = "cx-extract-postgres"
  }

  policy_values = {
    source_bucket     = var.source_bucket
    source_account_id = var.source_account_id
    region            = var.region
  }
}

resource "aws_iam_role" "source" {
  for_each = local.roles

  name        = "cx-${each.key}"
  description = "By which ${each.value} of the CX platform reads the sources"
  assume_role_policy = templatefile("${path.module}/../policies/trust/source-role.json", {
    own_account_id = var.own_account_id
    app_role       = each.value
    external_id    = var.external_id
  })
  # A role that is taken from another role never lasts longer: AWS ends chained sessions after an hour.
  max_session_duration = 60 * 60
}

resource "aws_iam_role_policy" "source" {
  for_each = aws_iam_role.source

  name   = each.value.name
  role   = each.value.name
  policy = templatefile("${path.module}/../policies/${each.key}.json", local.policy_values)
}
