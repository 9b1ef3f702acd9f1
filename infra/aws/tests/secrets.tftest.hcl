mock_provider "aws" {
  source = "./tests/mocks"
  # Made-up values stand in the plan already: nothing is applied, so nothing that must not be destroyed is left behind.
  override_during = plan
}

run "secrets_are_encrypted_and_stay_out_of_the_state" {
  command = plan

  assert {
    condition     = alltrue([for secret in aws_ssm_parameter.secret : secret.type == "SecureString" && secret.key_id == aws_kms_key.parameters.arn])
    error_message = "every secret must be a SecureString under the parameters' key"
  }

  assert {
    condition     = alltrue([for secret in aws_ssm_parameter.secret : secret.value_wo == null && secret.value_wo_version == 1])
    error_message = "a value must be given by the write-only argument, whose version never rises"
  }
}

# A plan does not show what it ignores, so the second half is read from the file.
run "terraform_never_writes_over_a_secret" {
  command = plan

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_iam_role_policy.github["apply"].policy).Statement :
      statement.Effect == "Deny" && statement.Action == "ssm:PutParameter" && statement.Resource == "arn:aws:ssm:eu-north-1:222222222222:parameter/coretelecoms/*"
      && try(statement.Condition.StringEquals["ssm:Overwrite"], "") == "true"
    ])
    error_message = "the workflow must be unable to replace the value of a parameter"
  }

  assert {
    condition     = length(aws_ssm_parameter.secret) > 0 && alltrue([for rule in ["prevent_destroy += true", "ignore_changes += all"] : length(regexall("(?m)^ +${rule}$", file("parameters.tf"))) == 1])
    error_message = "a change to a parameter's resource must neither replace nor write the parameter"
  }
}

run "a_secret_lies_where_only_its_step_may_read" {
  command = plan

  assert {
    condition = alltrue([
      for secret in local.secrets :
      secret.step == null || startswith(secret.name, "/coretelecoms/${coalesce(secret.step, "none")}/")
    ])
    error_message = "the secret of a step must lie below the step's own path"
  }

  assert {
    condition     = aws_ssm_parameter.secret["pseudonym_key"].name == "/coretelecoms/warehouse/pseudonym_key"
    error_message = "the loader's policy names this parameter"
  }
}

run "the_outputs_are_the_settings_of_the_apps" {
  command = plan

  assert {
    condition = alltrue([
      for name, value in output.settings :
      length(regexall("(?m)^#? ?${name}=", file("../../.env.example"))) > 0 && value != ""
    ])
    error_message = "a setting that is put out is none of .env.example"
  }

  assert {
    condition     = contains(keys(output.launch_role_arns), "dbt") && length(output.log_groups) == 6
    error_message = "every step must have an execution role and a log group"
  }
}

run "somebody_is_told_when_it_gets_expensive" {
  command = plan

  variables {
    budget_emails = ["data-platform@example.com"]
  }

  assert {
    condition     = length(aws_budgets_budget.month[0].notification) == 2 && aws_budgets_budget.month[0].limit_amount == "200"
    error_message = "the budget must tell of actual and of forecast costs"
  }
}
