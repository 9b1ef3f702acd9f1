locals {
  # Each secret and the one step that is started with it; null where the app itself or a person reads the
  # parameter.
  secrets = {
    pseudonym_key = {
      name        = "/coretelecoms/warehouse/pseudonym_key"
      description = "Key of the keyed hashes in the marts; read by the loader's migrate"
      step        = null
    }
    loader_private_key = {
      name        = "/coretelecoms/loader-snowflake/private_key"
      description = "Private key of the Snowflake user CX_LOADER"
      step        = "loader-snowflake"
    }
    migrator_private_key = {
      name        = "/coretelecoms/loader-snowflake-migrate/private_key"
      description = "Private key of the Snowflake user CX_MIGRATOR; no daily step may read it"
      step        = "loader-snowflake-migrate"
    }
    transformer_private_key = {
      name        = "/coretelecoms/dbt/private_key"
      description = "Private key of the Snowflake user CX_TRANSFORMER"
      step        = "dbt"
    }
    sheets_service_account = {
      name        = "/coretelecoms/extract-sheets/service_account"
      description = "Key file of the Google service account that the spreadsheet is shared with"
      step        = "extract-sheets"
    }
  }
}

resource "aws_ssm_parameter" "secret" {
  for_each = local.secrets

  name        = each.value.name
  description = each.value.description
  type        = "SecureString"
  key_id      = aws_kms_key.parameters.arn

  # Terraform makes the parameter and never writes to it again: a person puts the value in (docs/infra.md). A secret that
  # was forgotten reads "unset", which is no key of any kind: whoever is started with it says so. Write-only, so that
  # refreshing brings no value into the state.
  value_wo         = "unset"
  value_wo_version = 1

  lifecycle {
    prevent_destroy = true
    # Not the value alone: a parameter has one write for all it consists of, so another description would send "unset" too.
    ignore_changes = all
  }
}
