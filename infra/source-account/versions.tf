terraform {
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }

  backend "s3" {
    key          = "coretelecoms/source-account.tfstate"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region              = var.region
  allowed_account_ids = [var.source_account_id]

  default_tags {
    tags = {
      Platform  = "coretelecoms-cx"
      ManagedBy = "terraform"
    }
  }
}
