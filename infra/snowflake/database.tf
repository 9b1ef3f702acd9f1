resource "snowflake_database" "platform" {
  name                        = var.database
  comment                     = "CX platform"
  data_retention_time_in_days = var.retention_days
  # Nobody's schema: what lies there would be under no grant of ours.
  drop_public_schema_on_creation = true

  lifecycle {
    prevent_destroy = true
  }
}

locals {
  # The first two are filled by the loader, the others by dbt.
  schemas = {
    RAW          = "A table a dataset, as delivered; holds personal data"
    OPS          = "Ledger, quarantine, run log, pseudonym key"
    STAGING      = "Views on the latest publications; show personal data"
    INTERMEDIATE = "Complaints of all channels in one shape"
    MARTS        = "What analysts read; no personal data in clear"
    SNAPSHOTS    = "What each run of dbt saw"
  }

  transformed_schemas = ["STAGING", "INTERMEDIATE", "MARTS", "SNAPSHOTS"]
}

resource "snowflake_schema" "platform" {
  for_each = local.schemas

  database = snowflake_database.platform.name
  name     = each.key
  comment  = each.value
  # Grants are made here and not by whoever owns a table.
  with_managed_access = "true"

  lifecycle {
    prevent_destroy = true
  }
}

# Where the rules lie that protect the other schemas, out of reach of who works in them.
resource "snowflake_schema" "governance" {
  database            = snowflake_database.platform.name
  name                = "GOVERNANCE"
  comment             = "Tags and masking policies"
  with_managed_access = "true"
}
