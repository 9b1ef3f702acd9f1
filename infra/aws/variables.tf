variable "own_account_id" {
  description = "AWS account that the platform lives in."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.own_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "source_account_id" {
  description = "AWS account that delivers the sources."
  type        = string

  validation {
    condition     = can(regex("^[0-9]{12}$", var.source_account_id))
    error_message = "An AWS account id has twelve digits."
  }
}

variable "region" {
  description = "Region of the platform."
  type        = string
  default     = "eu-north-1"

  validation {
    condition     = can(regex("^[a-z]{2}(-[a-z]+)+-[0-9]$", var.region))
    error_message = "Name a region as AWS does, for example eu-north-1."
  }
}

variable "raw_bucket" {
  description = "Bucket of the raw zone; its access logs go to a second one with the ending -access-logs."
  type        = string
  default     = "coretelecoms-raw-zone"

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9-]{1,48}[a-z0-9]$", var.raw_bucket))
    error_message = "Use 3 to 50 lower-case letters, digits and dashes: a dot breaks TLS, and the ending has to fit."
  }
}

variable "source_bucket" {
  description = "Bucket in the source account that the deliveries lie in."
  type        = string
  default     = "core-telecoms-data-lake"
}

variable "quarantine_days" {
  description = "Days after which quarantined rows, which are personal data, are removed."
  type        = number
  default     = 180

  validation {
    condition     = var.quarantine_days >= 30 && var.quarantine_days <= 730
    error_message = "Keep them between 30 days, so that they can be replayed, and 730."
  }
}

variable "old_version_days" {
  description = "Days that an object outlives its replacement or removal."
  type        = number
  default     = 30

  validation {
    condition     = var.old_version_days >= 7
    error_message = "Fewer than seven days leave no time to notice a bad load."
  }
}

variable "snowflake_iam_user_arn" {
  description = "IAM user by which Snowflake reads the raw zone: output storage_iam_user_arn of ../snowflake. Null or empty until that root was applied."
  type        = string
  default     = null
}

variable "snowflake_external_id" {
  description = "External id that Snowflake names when it takes its role; the same as in ../snowflake."
  type        = string

  validation {
    condition     = length(var.snowflake_external_id) >= 16
    error_message = "Take a random text of at least 16 characters."
  }
}

variable "github_repository" {
  description = "Repository whose workflows may come in, as owner/name."
  type        = string

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github_repository))
    error_message = "Name one repository as owner/name: a wildcard would let others in."
  }
}

variable "state_bucket" {
  description = "Bucket of the Terraform state: output state_bucket of ../state."
  type        = string
}

variable "state_key_arn" {
  description = "Key that the state is encrypted under: output state_key_arn of ../state."
  type        = string
}

variable "ecs_cluster_name" {
  description = "ECS cluster that Airflow starts the steps on; null or empty where they run on EKS only."
  type        = string
  default     = null
}

variable "eks_cluster_name" {
  description = "EKS cluster that Airflow starts the steps on, with the Pod Identity agent; null or empty where they run on ECS only."
  type        = string
  default     = null
}

variable "kubernetes_namespace" {
  description = "Namespace that the steps run in."
  type        = string
  default     = "coretelecoms"
}

variable "budget_usd" {
  description = "Costs a month, in US dollars, that somebody is told about."
  type        = number
  default     = 200

  validation {
    condition     = var.budget_usd > 0
    error_message = "A budget is more than nothing."
  }
}

variable "budget_emails" {
  description = "Who is told; nobody is when empty."
  type        = set(string)
  default     = []
}
