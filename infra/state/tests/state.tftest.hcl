mock_provider "aws" {
  # Made-up values stand in the plan already: nothing is applied, so nothing that must not be destroyed is left behind.
  override_during = plan

  override_resource {
    target = aws_kms_key.state
    values = { arn = "arn:aws:kms:eu-north-1:222222222222:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e03" }
  }
}

variables {
  own_account_id = "222222222222"
  state_bucket   = "coretelecoms-terraform-state"
}

run "the_state_is_closed_to_the_public" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.state.block_public_acls
      && aws_s3_bucket_public_access_block.state.block_public_policy
      && aws_s3_bucket_public_access_block.state.ignore_public_acls
      && aws_s3_bucket_public_access_block.state.restrict_public_buckets
      && aws_s3_bucket_ownership_controls.state.rule[0].object_ownership == "BucketOwnerEnforced"
    )
    error_message = "the state must block public access in all four ways, and access lists"
  }

  assert {
    condition = alltrue([
      for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement : statement.Effect == "Deny"
    ])
    error_message = "the bucket's policy may only deny"
  }
}

run "plain_http_is_refused" {
  command = plan

  assert {
    condition = alltrue([
      for condition in [{ Bool = { "aws:SecureTransport" = "false" } }, { NumericLessThan = { "s3:TlsVersion" = "1.2" } }] : anytrue([
        for statement in jsondecode(aws_s3_bucket_policy.state.policy).Statement :
        statement.Action == "s3:*" && length(statement.Resource) == 2 && jsonencode(statement.Condition) == jsonencode(condition)
      ])
    ])
    error_message = "the state must deny every action without TLS 1.2"
  }
}

run "the_state_is_encrypted_and_keeps_versions" {
  command = plan

  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
      && one(one(aws_s3_bucket_server_side_encryption_configuration.state.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.state.arn
      && aws_kms_key.state.enable_key_rotation
    )
    error_message = "the state must be encrypted under its own key, and the key must rotate"
  }

  assert {
    condition     = aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "an overwritten state must be recoverable"
  }

  assert {
    condition     = jsondecode(aws_kms_key.state.policy).Statement[1].Condition.StringEquals["kms:ViaService"] == "s3.eu-north-1.amazonaws.com"
    error_message = "the key may be used through S3 only"
  }
}

run "every_root_gets_its_backend_from_here" {
  command = plan

  assert {
    condition = alltrue([
      for line in ["bucket     = \"coretelecoms-terraform-state\"", "kms_key_id = \"${aws_kms_key.state.arn}\""] : strcontains(output.backend, line)
    ])
    error_message = "the backend must name the bucket and its key"
  }

  assert {
    condition = output.backend != "" && alltrue([
      for root in ["aws", "snowflake", "snowflake-tables", "source-account", "state"] :
      strcontains(file("../${root}/versions.tf"), "\"coretelecoms/${root}.tfstate\"") && strcontains(file("../${root}/versions.tf"), "use_lockfile = true")
    ])
    error_message = "every root must have a state of its own, and lock it"
  }
}

run "a_bucket_name_with_a_dot_is_refused" {
  command = plan

  variables {
    state_bucket = "state.example"
  }

  expect_failures = [var.state_bucket]
}
