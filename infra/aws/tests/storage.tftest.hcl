mock_provider "aws" {
  source = "./tests/mocks"
  # Made-up values stand in the plan already: nothing is applied, so nothing that must not be destroyed is left behind.
  override_during = plan
}

run "the_raw_zone_is_closed_to_the_public" {
  command = plan

  assert {
    condition = alltrue([
      for block in [aws_s3_bucket_public_access_block.raw_zone, aws_s3_bucket_public_access_block.access_logs] :
      block.block_public_acls && block.block_public_policy && block.ignore_public_acls && block.restrict_public_buckets
    ])
    error_message = "both buckets must block public access in all four ways"
  }

  assert {
    condition = alltrue([
      for policy in [aws_s3_bucket_policy.raw_zone.policy, aws_s3_bucket_policy.access_logs.policy] : alltrue([
        for statement in jsondecode(policy).Statement : statement.Effect == "Deny" if statement.Principal == "*"
      ])
    ])
    error_message = "a bucket policy may name everybody only to deny"
  }

  assert {
    condition = alltrue([
      for ownership in [aws_s3_bucket_ownership_controls.raw_zone, aws_s3_bucket_ownership_controls.access_logs] :
      ownership.rule[0].object_ownership == "BucketOwnerEnforced"
    ])
    error_message = "access lists must be off: the account owns every object"
  }
}

run "plain_http_is_refused" {
  command = plan

  assert {
    condition = alltrue([
      for policy in [aws_s3_bucket_policy.raw_zone.policy, aws_s3_bucket_policy.access_logs.policy] : anytrue([
        for statement in jsondecode(policy).Statement :
        statement.Effect == "Deny" && statement.Action == "s3:*" && length(statement.Resource) == 2
        && try(statement.Condition.Bool["aws:SecureTransport"], "") == "false"
      ])
    ])
    error_message = "both buckets must deny every action without TLS, on the bucket and on its objects"
  }

  assert {
    condition = anytrue([
      for statement in jsondecode(aws_s3_bucket_policy.raw_zone.policy).Statement :
      statement.Effect == "Deny" && try(statement.Condition.NumericLessThan["s3:TlsVersion"], "") == "1.2"
    ])
    error_message = "the raw zone must deny TLS before 1.2"
  }
}

run "everything_is_encrypted_under_a_key_that_rotates" {
  command = plan

  assert {
    condition = (
      one(one(aws_s3_bucket_server_side_encryption_configuration.raw_zone.rule).apply_server_side_encryption_by_default).sse_algorithm == "aws:kms"
      && one(one(aws_s3_bucket_server_side_encryption_configuration.raw_zone.rule).apply_server_side_encryption_by_default).kms_master_key_id == aws_kms_key.raw_zone.arn
      && one(aws_s3_bucket_server_side_encryption_configuration.raw_zone.rule).bucket_key_enabled
    )
    error_message = "the raw zone must be encrypted under its own key, with a bucket key"
  }

  assert {
    condition     = alltrue([for key in [aws_kms_key.raw_zone, aws_kms_key.parameters, aws_kms_key.logs] : key.enable_key_rotation])
    error_message = "every key must rotate"
  }

  assert {
    condition     = alltrue([for group in aws_cloudwatch_log_group.step : group.kms_key_id == aws_kms_key.logs.arn])
    error_message = "every log group must be encrypted under the logs' key"
  }

  assert {
    condition     = alltrue([for image in aws_ecr_repository.image : one(image.encryption_configuration).encryption_type == "KMS"])
    error_message = "every repository must be encrypted by KMS"
  }

  assert {
    condition = alltrue([
      for service, policy in local.key_policies : alltrue([
        for statement in jsondecode(policy).Statement :
        try(statement.Condition.StringEquals["kms:ViaService"], "") == "${service}.eu-north-1.amazonaws.com"
        if length(setintersection(statement.Action, ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"])) > 0
      ])
    ])
    error_message = "a data key may be used only through the service that it is for"
  }

  assert {
    condition     = length(flatten([for policy in concat(values(local.key_policies), [local.logs_key_policy]) : [for statement in jsondecode(policy).Statement : [for action in statement.Action : action if endswith(action, "*")]]])) == 0
    error_message = "a key policy must spell its verbs out"
  }
}

run "old_data_goes_and_versions_stay_a_while" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.raw_zone.versioning_configuration[0].status == "Enabled"
    error_message = "the raw zone must keep versions"
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.raw_zone.rule :
      rule.status == "Enabled" && try(rule.filter[0].prefix, "") == "quarantine/" && try(rule.expiration[0].days, 0) == 180
    ])
    error_message = "quarantined rows must go after 180 days"
  }

  assert {
    condition     = toset([for rule in aws_s3_bucket_lifecycle_configuration.raw_zone.rule : rule.id if try(rule.expiration[0].days, null) != null]) == toset(["quarantine-is-kept-for-a-while"])
    error_message = "nothing in the raw zone but the quarantine may expire"
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.raw_zone.rule :
      rule.status == "Enabled" && try(rule.abort_incomplete_multipart_upload[0].days_after_initiation, 99) <= 7
    ])
    error_message = "dead uploads must be aborted within a week"
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.raw_zone.rule :
      rule.status == "Enabled" && try(rule.noncurrent_version_expiration[0].noncurrent_days, 0) == 30
    ])
    error_message = "replaced versions must go after 30 days"
  }
}

run "reads_of_the_raw_zone_are_logged" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_logging.raw_zone.target_bucket == aws_s3_bucket.access_logs.id
      && jsondecode(aws_s3_bucket_policy.access_logs.policy).Statement[0].Condition.StringEquals["aws:SourceAccount"] == "222222222222"
    )
    error_message = "the raw zone must log to its log bucket, and only this account's logs are taken there"
  }
}

run "images_cannot_be_replaced_and_are_scanned" {
  command = plan

  assert {
    condition     = alltrue([for image in aws_ecr_repository.image : image.image_tag_mutability == "IMMUTABLE"])
    error_message = "a tag must always name the same image"
  }

  assert {
    condition     = alltrue([for image in aws_ecr_repository.image : image.image_scanning_configuration[0].scan_on_push])
    error_message = "every image must be scanned"
  }

  assert {
    condition     = toset(keys(aws_ecr_lifecycle_policy.image)) == toset(["airflow", "dbt", "extract-postgres", "extract-s3", "extract-sheets", "loader-snowflake"])
    error_message = "every step and Airflow have a repository that is cleaned up"
  }
}

run "a_repository_name_with_a_wildcard_is_refused" {
  command = plan

  variables {
    github_repository = "example/*"
  }
  expect_failures = [var.github_repository]
}

run "an_account_number_that_is_too_short_is_refused" {
  command = plan

  variables {
    own_account_id = "22222222222"
  }
  expect_failures = [var.own_account_id]
}
