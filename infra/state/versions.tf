terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }

  # The bucket keeps its own state too, once it stands; see docs/infra.md for the first time.
  backend "s3" {
    key          = "coretelecoms/state.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.own_account_id]

  default_tags {
    tags = {
      Platform  = "coretelecoms-cx"
      ManagedBy = "terraform"
    }
  }
}
