variable "organization_name" {
  description = "Organization of the Snowflake account."
  type        = string
}

variable "account_name" {
  description = "Name of the account in its organization."
  type        = string
}

variable "database" {
  description = "Database of the platform."
  type        = string
  default     = "CORETELECOMS"

  validation {
    condition     = can(regex("^[A-Z_][A-Z0-9_]*$", var.database))
    error_message = "Use a plain name in upper case: the apps do not quote it."
  }
}

variable "raw_bucket" {
  description = "Bucket of the raw zone: output of ../aws."
  type        = string
  default     = "coretelecoms-raw-zone"
}

variable "storage_role_arn" {
  description = "AWS role by which Snowflake reads the raw zone: output snowflake_storage_role_arn of ../aws."
  type        = string

  validation {
    condition     = can(regex("^arn:aws:iam::[0-9]{12}:role/.+$", var.storage_role_arn))
    error_message = "Give the ARN of a role."
  }
}

variable "storage_external_id" {
  description = "External id that Snowflake names when it takes that role: snowflake_external_id of ../aws."
  type        = string

  validation {
    condition     = length(var.storage_external_id) >= 16
    error_message = "Take a random text of at least 16 characters."
  }
}

variable "public_keys" {
  description = "RSA public keys of the service users, by user: two are live while a key is being replaced. The base64 of the PEM in one line, without its first and last line."
  type = map(object({
    first  = string
    second = optional(string)
  }))

  validation {
    condition     = toset(keys(var.public_keys)) == toset(["CX_LOADER", "CX_MIGRATOR", "CX_TRANSFORMER"])
    error_message = "Each of CX_LOADER, CX_MIGRATOR and CX_TRANSFORMER needs a key, and nobody else."
  }

  validation {
    condition = alltrue(flatten([
      for keys in values(var.public_keys) : [
        for key in compact([keys.first, keys.second]) : can(regex("^MII[A-Za-z0-9+/]{300,}={0,2}$", key))
      ]
    ]))
    error_message = "A key is the base64 of an RSA public key of 2048 bits or more, in one line."
  }

  validation {
    condition     = length(distinct(values(var.public_keys)[*].first)) == length(var.public_keys)
    error_message = "Users share no key: whoever steals one would be all of them."
  }
}

variable "allowed_addresses" {
  description = "Addresses in CIDR notation that the service users log in from: the NAT gateways of the steps."
  type        = set(string)

  validation {
    condition     = length(var.allowed_addresses) > 0 && alltrue([for address in var.allowed_addresses : can(cidrhost(address, 0)) && try(tonumber(split("/", address)[1]), 0) >= 16])
    error_message = "Give at least one range, none wider than /16."
  }
}

variable "analyst_users" {
  description = "Users, made elsewhere, that read the marts."
  type        = set(string)
  default     = []
}

variable "credits_a_month" {
  description = "Credits that all warehouses of the platform may use in a month; at this they are suspended."
  type        = number
  default     = 60

  validation {
    condition     = var.credits_a_month > 0
    error_message = "The warehouses need some credits."
  }
}

variable "retention_days" {
  description = "Days that Time Travel goes back; more than one takes the Enterprise edition, as masking does."
  type        = number
  default     = 7

  validation {
    condition     = var.retention_days >= 1 && var.retention_days <= 90
    error_message = "Snowflake keeps 1 to 90 days."
  }
}
