variable "organization_name" {
  description = "Organization of the Snowflake account."
  type        = string
}

variable "account_name" {
  description = "Name of the account in its organization."
  type        = string
}

variable "database" {
  description = "Database of the platform, as in ../snowflake."
  type        = string
  default     = "CORETELECOMS"

  validation {
    condition     = can(regex("^[A-Z_][A-Z0-9_]*$", var.database))
    error_message = "Use a plain name in upper case: the apps do not quote it."
  }
}
