locals {
  warehouses = {
    CX_LOAD      = { role = "CX_LOADER", timeout_seconds = 3600, comment = "Loads, and migrations of tables" }
    CX_TRANSFORM = { role = "CX_TRANSFORMER", timeout_seconds = 3600, comment = "dbt" }
    CX_READ      = { role = "CX_ANALYST", timeout_seconds = 600, comment = "Analysts" }
  }
}

resource "snowflake_resource_monitor" "month" {
  provider = snowflake.account

  name                      = "CX_MONTH"
  credit_quota              = var.credits_a_month
  frequency                 = "MONTHLY"
  start_timestamp           = "IMMEDIATELY"
  notify_triggers           = [50, 80, 95]
  suspend_trigger           = 100
  suspend_immediate_trigger = 110
}

# Only an account administrator may put a warehouse under a monitor.
resource "snowflake_warehouse" "platform" {
  for_each = local.warehouses
  provider = snowflake.account

  name                                = each.key
  comment                             = each.value.comment
  warehouse_size                      = "XSMALL"
  auto_suspend                        = 60
  auto_resume                         = "true"
  initially_suspended                 = true
  resource_monitor                    = snowflake_resource_monitor.month.name
  statement_timeout_in_seconds        = each.value.timeout_seconds
  statement_queued_timeout_in_seconds = 600
}
