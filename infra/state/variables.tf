variable "own_account_id" {
  description = "AWS account that the platform lives in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.own_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "region" {
  description = "Region of the state."
  type        = string
  default     = "eu-north-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Name a region as AWS does, for example eu-north-1."
  }
}

variable "state_bucket" {
  description = "Bucket that all roots keep their state in."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$", var.state_bucket))
    error_message = "Use 3 to 63 lower-case letters, digits and dashes; a dot breaks TLS."
  }
}
