# Workflows of one repository come in without a stored key. What a workflow may do depends on what started it, and the
# subject of GitHub's token says which: https://docs.github.com/actions/reference/security/oidc
resource "aws_iam_openid_connect_provider" "github" {
  url            = "https://token.actions.githubusercontent.com"
  client_id_list = ["sts.amazonaws.com"]
}

locals {
  github_roles = {
    # A pull request is anybody's code until it is read, so its plan reads the state and nothing else in AWS: it is made
    # with -refresh=false -lock=false.
    plan = {
      description = "By which pull requests compare the configuration with the state"
      subject     = "repo:${var.github_repository}:pull_request"
    }
    # The environment has reviewers: GitHub issues this subject only after one of them has approved.
    apply = {
      description = "By which an approved workflow applies the configuration"
      subject     = "repo:${var.github_repository}:environment:production"
    }
    # A job that names an environment has no branch in its subject: that only main may push is the rule of the environment.
    images = {
      description = "By which main pushes images"
      subject     = "repo:${var.github_repository}:environment:images"
    }
  }
}

resource "aws_iam_role" "github" {
  for_each = local.github_roles

  name        = "cx-github-${each.key}"
  description = each.value.description
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TrustOneSubject"
        Effect    = "Allow"
        Principal = { Federated = aws_iam_openid_connect_provider.github.arn }
        Action    = "sts:AssumeRoleWithWebIdentity"
        Condition = {
          StringEquals = {
            "token.actions.githubusercontent.com:aud" = "sts.amazonaws.com"
            "token.actions.githubusercontent.com:sub" = each.value.subject
          }
        }
      },
    ]
  })
  max_session_duration = 60 * 60
}

resource "aws_iam_role_policy" "github" {
  for_each = aws_iam_role.github

  name   = each.value.name
  role   = each.value.name
  policy = templatefile("${path.module}/../policies/deployment/${each.key}.json", local.deployment_values)
}
