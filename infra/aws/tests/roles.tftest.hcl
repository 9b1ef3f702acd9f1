mock_provider "aws" {
  source = "./tests/mocks"
  # Made-up values stand in the plan already: nothing is applied, so nothing that must not be destroyed is left behind.
  override_during = plan
}

run "each_role_has_exactly_the_policy_that_the_sandbox_enforces" {
  command = plan

  assert {
    condition = alltrue([
      for app, policy in aws_iam_role_policy.app :
      jsondecode(policy.policy) == jsondecode(file("../policies/rendered/${app}.json")) && policy.name == "cx-${app}"
    ])
    error_message = "the policy of an app is not the one that the sandbox renders"
  }

  assert {
    condition     = toset(keys(aws_iam_role_policy.app)) == toset(["extract-postgres", "extract-s3", "extract-sheets", "loader-snowflake", "loader-snowflake-migrate"])
    error_message = "each app must have a role"
  }

  assert {
    condition     = jsondecode(aws_iam_role_policy.snowflake_storage[0].policy) == jsondecode(file("../policies/rendered/snowflake-storage.json"))
    error_message = "the policy of Snowflake's role is not the one that the sandbox renders"
  }

  assert {
    condition = alltrue([
      for step, policy in aws_iam_role_policy.launch :
      jsondecode(policy.policy) == jsondecode(file("../policies/rendered/launch-${step}.json"))
    ])
    error_message = "the policy by which ECS starts a step is not the one in the decision table"
  }

  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.github :
      jsondecode(policy.policy) == jsondecode(file("../policies/rendered/${name}.json"))
    ])
    error_message = "the policy of a workflow is not the one in the decision table"
  }

  assert {
    condition = (
      jsondecode(aws_iam_role_policy.airflow[0].policy) == jsondecode(file("../policies/rendered/airflow.json"))
      && jsondecode(aws_iam_policy.boundary.policy) == jsondecode(file("../policies/rendered/boundary.json"))
    )
    error_message = "the policy of Airflow or the boundary is not the one in the decision table"
  }
}

run "each_role_has_exactly_its_verbs" {
  command = plan

  assert {
    condition = tomap({
      for app, policy in aws_iam_role_policy.app :
      app => sort(distinct(flatten([for statement in jsondecode(policy.policy).Statement : statement.Action])))
      }) == tomap({
      extract-s3       = tolist(["kms:Decrypt", "kms:GenerateDataKey", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "sts:AssumeRole"])
      extract-postgres = tolist(["kms:Decrypt", "kms:GenerateDataKey", "s3:GetObject", "s3:ListBucket", "s3:PutObject", "sts:AssumeRole"])
      extract-sheets   = tolist(["kms:Decrypt", "kms:GenerateDataKey", "s3:GetObject", "s3:ListBucket", "s3:PutObject"])
      loader-snowflake = tolist(["kms:Decrypt", "s3:GetObject", "s3:ListBucket"])

      loader-snowflake-migrate = tolist(["kms:Decrypt", "s3:GetObject", "s3:ListBucket", "ssm:GetParameter"])
    })
    error_message = "an app has a verb that is not listed here, or lacks one"
  }

  assert {
    condition     = sort(distinct(flatten([for statement in jsondecode(aws_iam_role_policy.snowflake_storage[0].policy).Statement : statement.Action]))) == tolist(["kms:Decrypt", "s3:GetBucketLocation", "s3:GetObject", "s3:ListBucket"])
    error_message = "Snowflake must read, list and locate, and nothing else"
  }

  assert {
    condition     = sort(distinct(flatten([for statement in jsondecode(aws_iam_role_policy.github["plan"].policy).Statement : statement.Action]))) == tolist(["kms:Decrypt", "s3:GetObject", "s3:ListBucket"])
    error_message = "a pull request may read the state and nothing else"
  }

  assert {
    condition = sort(distinct(flatten([for statement in jsondecode(aws_iam_role_policy.airflow[0].policy).Statement : statement.Action]))) == tolist([
      "ecs:DescribeTasks", "ecs:RunTask", "ecs:StopTask", "iam:PassRole", "logs:GetLogEvents",
    ])
    error_message = "Airflow must start, watch and stop steps, and nothing else"
  }
}

run "no_role_has_a_wildcard_verb" {
  command = plan

  assert {
    condition = length(flatten([
      for policy in concat(
        values(aws_iam_role_policy.app)[*].policy, values(aws_iam_role_policy.launch)[*].policy, values(aws_iam_role_policy.github)[*].policy,
        aws_iam_role_policy.airflow[*].policy, aws_iam_role_policy.snowflake_storage[*].policy, [aws_iam_policy.boundary.policy],
        ) : [
        for statement in jsondecode(policy).Statement : [for action in flatten([statement.Action]) : action if strcontains(action, "*")]
      ]
    ])) == 0
    error_message = "every verb must be spelled out"
  }

  assert {
    condition = length(flatten([
      for policy in concat(
        values(aws_iam_role_policy.app)[*].policy, values(aws_iam_role_policy.launch)[*].policy, values(aws_iam_role_policy.github)[*].policy,
        aws_iam_role_policy.airflow[*].policy, aws_iam_role_policy.snowflake_storage[*].policy, [aws_iam_policy.boundary.policy],
        ) : [
        for statement in jsondecode(policy).Statement : [
          for action in flatten([statement.Action]) : action
          if contains(flatten([statement.Resource]), "*") && !contains(["ecr:GetAuthorizationToken", "kms:CreateKey", "kms:ListAliases", "logs:DescribeLogGroups", "ssm:DescribeParameters"], action)
        ]
      ]
    ])) == 0
    error_message = "only verbs that AWS lets nobody narrow may go without a resource"
  }
}

run "roles_stay_within_the_boundary" {
  command = plan

  assert {
    condition = alltrue([
      for role in concat(values(aws_iam_role.app), values(aws_iam_role.launch), aws_iam_role.airflow, aws_iam_role.snowflake_storage) :
      role.permissions_boundary == aws_iam_policy.boundary.arn
    ])
    error_message = "every role of the platform must have the boundary"
  }
}

run "only_the_step_itself_takes_its_role" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for app, role in aws_iam_role.app : [
        for statement in jsondecode(role.assume_role_policy).Statement :
        contains(["ecs-tasks.amazonaws.com", "pods.eks.amazonaws.com"], try(statement.Principal.Service, ""))
        && statement.Condition.StringEquals["aws:SourceAccount"] == "222222222222"
      ]
    ]))
    error_message = "a role may be taken by tasks and pods of this account only"
  }

  assert {
    condition = alltrue(flatten([
      for app, role in aws_iam_role.app : [
        for statement in jsondecode(role.assume_role_policy).Statement :
        statement.Condition.StringEquals["aws:RequestTag/kubernetes-service-account"] == "cx-${app}"
        && statement.Condition.StringEquals["aws:RequestTag/kubernetes-namespace"] == "coretelecoms"
        && statement.Condition.ArnEquals["aws:SourceArn"] == "arn:aws:eks:eu-north-1:222222222222:cluster/coretelecoms"
        if statement.Principal.Service == "pods.eks.amazonaws.com"
      ]
    ])) && length(aws_eks_pod_identity_association.app) == 5
    error_message = "a pod must come from our cluster, our namespace and the step's own service account"
  }

  assert {
    condition = (
      jsondecode(aws_iam_role.snowflake_storage[0].assume_role_policy).Statement[0].Principal.AWS == "arn:aws:iam::333333333333:user/snowflake"
      && jsondecode(aws_iam_role.snowflake_storage[0].assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == "an-external-id-of-some-length"
    )
    error_message = "Snowflake's user must come with our external id"
  }
}

run "no_cluster_is_refused" {
  command = plan

  variables {
    ecs_cluster_name = null
    eks_cluster_name = null
  }
  expect_failures = [aws_iam_role.app]
}

run "an_empty_cluster_is_none" {
  command = plan

  variables {
    ecs_cluster_name       = ""
    eks_cluster_name       = "coretelecoms"
    snowflake_iam_user_arn = ""
  }

  assert {
    condition     = length(aws_iam_role.airflow) == 0 && length(aws_iam_role.launch) == 0
    error_message = "without a cluster of ECS nothing of ECS may be made"
  }

  assert {
    condition = alltrue(flatten([
      for role in aws_iam_role.app : [for statement in jsondecode(role.assume_role_policy).Statement : statement.Principal.Service == "pods.eks.amazonaws.com"]
    ]))
    error_message = "without a cluster of ECS no task may take a role"
  }

  assert {
    condition     = length(aws_iam_role.snowflake_storage) == 0
    error_message = "an empty user of Snowflake must not be trusted"
  }
}

run "an_empty_cluster_of_eks_is_none" {
  command = plan

  variables {
    eks_cluster_name = ""
  }

  assert {
    condition     = length(aws_eks_pod_identity_association.app) == 0 && length(aws_iam_role.airflow) == 1
    error_message = "without a cluster of EKS no pod may take a role"
  }
}

run "two_empty_clusters_are_refused" {
  command = plan

  variables {
    ecs_cluster_name = ""
    eks_cluster_name = ""
  }
  expect_failures = [aws_iam_role.app]
}

run "snowflake_is_let_in_only_once_its_user_is_known" {
  command = plan

  variables {
    snowflake_iam_user_arn = null
  }

  assert {
    condition     = length(aws_iam_role.snowflake_storage) == 0 && output.snowflake_storage_role_arn == "arn:aws:iam::222222222222:role/cx-snowflake-storage"
    error_message = "the role must wait for Snowflake's user, and its ARN must be known before"
  }
}

run "a_workflow_comes_in_by_one_exact_subject" {
  command = plan

  assert {
    condition = {
      for name, role in aws_iam_role.github :
      name => jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:sub"]
      } == {
      plan   = "repo:example/coretelecoms-cx-platform:pull_request"
      apply  = "repo:example/coretelecoms-cx-platform:environment:production"
      images = "repo:example/coretelecoms-cx-platform:environment:images"
    }
    error_message = "a workflow's subject must be exact: repository and pull request or environment"
  }

  assert {
    condition = alltrue([
      for role in aws_iam_role.github :
      length(jsondecode(role.assume_role_policy).Statement) == 1
      && keys(jsondecode(role.assume_role_policy).Statement[0].Condition) == ["StringEquals"]
      && jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    ])
    error_message = "a workflow must be told by equality, and its token must be for STS"
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_iam_role_policy.github["apply"].policy).Statement :
      statement.Effect == "Deny" && statement.Resource == "arn:aws:iam::222222222222:role/cx-github-*" && contains(flatten([statement.Action]), "iam:UpdateAssumeRolePolicy")
    ])
    error_message = "a workflow must not widen its own door"
  }
}
