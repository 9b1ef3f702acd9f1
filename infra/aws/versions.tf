terraform {
  # Write-only arguments and the lock file in S3 came with 1.10 and 1.11.
  required_version = ">= 1.11, < 2.0"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.25"
    }
  }

  # Bucket, region and key come from ../backend.hcl; see docs/infra.md.
  backend "s3" {
    key          = "coretelecoms/aws.tfstate"
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
