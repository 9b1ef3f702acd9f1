locals {
  # Written from the dataset contracts by `npm run generate`; a new column of personal data arrives here by itself.
  personal_columns = jsondecode(file("${path.module}/personal-columns.json"))
  classes          = toset(local.personal_columns[*].personalData)

  columns_by_class = {
    for class in local.classes : class => [
      for column in local.personal_columns :
      "\"${var.database}\".\"${column.schema}\".\"${column.table}\".\"${column.column}\"" if column.personalData == class
    ]
  }
}

# The tag brings the masking policy of the column's type with it.
resource "snowflake_tag_association" "personal_data" {
  for_each = local.columns_by_class
  provider = snowflake.account

  object_type        = "COLUMN"
  object_identifiers = each.value
  tag_id             = "\"${var.database}\".\"GOVERNANCE\".\"PERSONAL_DATA\""
  tag_value          = each.key
}
