mock_provider "aws" {
  override_during = plan

  override_resource {
    target = aws_iam_role.source
    values = { arn = "arn:aws:iam::111111111111:role/cx-mock" }
  }
}

variables {
  source_account_id = "111111111111"
  own_account_id    = "222222222222"
  region            = "eu-north-1"
  source_bucket     = "core-telecoms-data-lake"
  external_id       = "an-external-id-of-some-length"
}

run "each_role_has_exactly_the_policy_that_the_sandbox_enforces" {
  command = plan

  assert {
    condition = alltrue([
      for name, policy in aws_iam_role_policy.source :
      jsondecode(policy.policy) == jsondecode(file("../policies/rendered/${name}.json"))
    ]) && length(aws_iam_role_policy.source) == 2
    error_message = "the policy of a role is not the one that the sandbox renders"
  }

  assert {
    condition = tomap({
      for name, policy in aws_iam_role_policy.source :
      name => sort(distinct(flatten([for statement in jsondecode(policy.policy).Statement : statement.Action])))
      }) == tomap({
      source-objects    = tolist(["s3:GetObject", "s3:ListBucket"])
      source-parameters = tolist(["ssm:GetParametersByPath"])
    })
    error_message = "a role has a verb that is not listed here, or lacks one"
  }
}

run "each_role_trusts_one_app_that_knows_the_external_id" {
  command = plan

  assert {
    condition = tomap({
      for name, role in aws_iam_role.source : name => jsondecode(role.assume_role_policy).Statement[0].Principal.AWS
      }) == tomap({
      source-objects    = "arn:aws:iam::222222222222:role/cx-extract-s3"
      source-parameters = "arn:aws:iam::222222222222:role/cx-extract-postgres"
    })
    error_message = "a role must trust exactly one app"
  }

  assert {
    condition = alltrue([
      for role in aws_iam_role.source :
      length(jsondecode(role.assume_role_policy).Statement) == 1
      && jsondecode(role.assume_role_policy).Statement[0].Condition.StringEquals["sts:ExternalId"] == "an-external-id-of-some-length"
    ])
    error_message = "an app must come with the external id"
  }
}

run "the_outputs_are_settings_of_the_apps" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for app, settings in output.settings : [
        for name, value in settings : length(regexall("(?m)^#? ?${name}=", file("../../.env.example"))) > 0 && value != ""
      ]
    ]))
    error_message = "a setting that is put out is none of .env.example"
  }
}

run "a_short_external_id_is_refused" {
  command = plan

  variables {
    external_id = "short"
  }

  expect_failures = [var.external_id]
}

run "one_account_for_both_is_refused" {
  command = plan

  variables {
    own_account_id = "111111111111"
  }

  expect_failures = [var.own_account_id]
}
