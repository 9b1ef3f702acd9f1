resource "aws_kms_key" "raw_zone" {
  description             = "Raw zone and quarantine of the CX platform"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policies["s3"]
}

resource "aws_kms_alias" "raw_zone" {
  name          = "alias/cx-raw-zone"
  target_key_id = aws_kms_key.raw_zone.key_id
}

resource "aws_kms_key" "parameters" {
  description             = "Secrets of the CX platform in Parameter Store"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.key_policies["ssm"]
}

resource "aws_kms_alias" "parameters" {
  name          = "alias/cx-parameters"
  target_key_id = aws_kms_key.parameters.key_id
}

resource "aws_kms_key" "logs" {
  description             = "Logs of the CX platform"
  enable_key_rotation     = true
  deletion_window_in_days = 30
  policy                  = local.logs_key_policy
}

resource "aws_kms_alias" "logs" {
  name          = "alias/cx-logs"
  target_key_id = aws_kms_key.logs.key_id
}

locals {
  # Who may administer a key is left to IAM, as AWS advises, or nobody could mend this policy. Administering is not using.
  key_administration = {
    Sid       = "AdministerThroughIam"
    Effect    = "Allow"
    Principal = { AWS = "arn:aws:iam::${var.own_account_id}:root" }
    Action = [
      "kms:CancelKeyDeletion",
      "kms:CreateAlias",
      "kms:DeleteAlias",
      "kms:DescribeKey",
      "kms:DisableKey",
      "kms:DisableKeyRotation",
      "kms:EnableKey",
      "kms:EnableKeyRotation",
      "kms:GetKeyPolicy",
      "kms:GetKeyRotationStatus",
      "kms:ListKeyPolicies",
      "kms:ListResourceTags",
      "kms:PutKeyPolicy",
      "kms:ScheduleKeyDeletion",
      "kms:TagResource",
      "kms:UntagResource",
      "kms:UpdateAlias",
      "kms:UpdateKeyDescription",
    ]
    Resource = "*"
  }

  # Who may use a key is left to IAM too, but through the one service it is for: no secret of KMS' own making leaves it.
  key_policies = {
    for service in ["s3", "ssm"] : service => jsonencode({
      Version = "2012-10-17"
      Statement = [
        local.key_administration,
        {
          Sid       = "UseThroughTheService"
          Effect    = "Allow"
          Principal = { AWS = "arn:aws:iam::${var.own_account_id}:root" }
          Action    = ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey"]
          Resource  = "*"
          Condition = { StringEquals = { "kms:ViaService" = "${service}.${var.region}.amazonaws.com" } }
        },
      ]
    })
  }

  logs_key_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      local.key_administration,
      {
        Sid       = "EncryptOurLogGroups"
        Effect    = "Allow"
        Principal = { Service = "logs.${var.region}.amazonaws.com" }
        Action    = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom", "kms:ReEncryptTo"]
        Resource  = "*"
        Condition = {
          ArnLike = { "kms:EncryptionContext:aws:logs:arn" = "arn:aws:logs:${var.region}:${var.own_account_id}:log-group:/coretelecoms/*" }
        }
      },
    ]
  })
}
