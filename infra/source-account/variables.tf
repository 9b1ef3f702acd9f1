variable "source_account_id" {
  description = "AWS account that delivers the sources; this root is applied by whoever owns it."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.source_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "own_account_id" {
  description = "AWS account of the platform, whose apps come in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.own_account_id))
    error_message = "An AWS account id has twelve digits."
  }

  validation {
    condition     = var.own_account_id != var.source_account_id
    error_message = "In one account the apps need no role of the source's; the external id would guard nothing."
  }
}

variable "region" {
  description = "Region of the sources."
  type        = string
  default     = "eu-north-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Name a region as AWS does, for example eu-north-1."
  }
}

variable "source_bucket" {
  description = "Bucket that the deliveries lie in."
  type        = string
  default     = "core-telecoms-data-lake"
}

variable "external_id" {
  description = "Text between the two accounts, so that nobody else's use of the platform can be turned on this account: CX_SOURCE_EXTERNAL_ID."
  type        = string

  validation {
    condition     = length(var.external_id) >= 16
    error_message = "Take a random text of at least 16 characters."
  }
}
