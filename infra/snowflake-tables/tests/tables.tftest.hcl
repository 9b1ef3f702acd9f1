mock_provider "snowflake" {
  override_during = plan
}

mock_provider "snowflake" {
  alias           = "account"
  override_during = plan
}

variables {
  organization_name = "EXAMPLE"
  account_name      = "CX"
}

run "every_personal_column_of_the_contracts_is_tagged" {
  command = plan

  assert {
    condition = (
      contains(snowflake_tag_association.personal_data["direct"].object_identifiers, "\"CORETELECOMS\".\"RAW\".\"CUSTOMERS\".\"EMAIL\"")
      && contains(snowflake_tag_association.personal_data["indirect"].object_identifiers, "\"CORETELECOMS\".\"RAW\".\"CUSTOMERS\".\"BIRTH_DATE\"")
      && contains(snowflake_tag_association.personal_data["direct"].object_identifiers, "\"CORETELECOMS\".\"OPS\".\"QUARANTINED_ROWS\".\"ORIGINAL_TEXT\"")
    )
    error_message = "a column that is known to hold personal data has no tag"
  }

  assert {
    condition     = sum([for association in snowflake_tag_association.personal_data : length(association.object_identifiers)]) == length(jsondecode(file("personal-columns.json")))
    error_message = "a column of the contracts has no tag"
  }

  assert {
    condition = alltrue([
      for class, association in snowflake_tag_association.personal_data :
      association.tag_value == class && association.object_type == "COLUMN" && association.tag_id == "\"CORETELECOMS\".\"GOVERNANCE\".\"PERSONAL_DATA\""
    ])
    error_message = "the tag must be the masking one, with the column's class"
  }
}

run "only_dbt_reads_the_pseudonym_key" {
  command = plan

  assert {
    condition = tomap({
      for key, grant in snowflake_grant_privileges_to_account_role.table : grant.account_role_name => join(", ", sort(grant.privileges))
      if endswith(grant.on_schema_object[0].object_name, "\"PSEUDONYM_KEY\"")
      }) == tomap({
      CX_LOADER      = "REFERENCES"
      CX_TRANSFORMER = "SELECT"
    })
    error_message = "somebody else reads the key, or dbt does not"
  }
}

run "each_role_has_exactly_its_rights_on_ops" {
  command = plan

  assert {
    condition = tomap({ for key, grant in snowflake_grant_privileges_to_account_role.table : key => join(", ", sort(grant.privileges)) }) == tomap({
      CX_LOADER-LOADED_PARTS          = "DELETE, INSERT, SELECT"
      CX_LOADER-LOAD_LEDGER           = "INSERT, SELECT, UPDATE"
      CX_LOADER-LOAD_LOCK             = "SELECT, UPDATE"
      CX_LOADER-PSEUDONYM_KEY         = "REFERENCES"
      CX_LOADER-QUARANTINED_ROWS      = "DELETE, INSERT, SELECT"
      CX_LOADER-RUN_LOG               = "INSERT, SELECT"
      CX_TRANSFORMER-LOADED_PARTS     = "SELECT"
      CX_TRANSFORMER-LOAD_LEDGER      = "SELECT"
      CX_TRANSFORMER-PSEUDONYM_KEY    = "SELECT"
      CX_TRANSFORMER-QUARANTINED_ROWS = "SELECT"
      CX_TRANSFORMER-RUN_LOG          = "SELECT"
    })
    error_message = "a role has other rights on a table of OPS"
  }
}
