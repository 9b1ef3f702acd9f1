output "settings" {
  description = "Settings of .env.example that follow from this account, by the app that needs them."
  value = {
    extract-s3 = {
      CX_SOURCE_ROLE_ARN    = aws_iam_role.source["source-objects"].arn
      CX_SOURCE_EXTERNAL_ID = var.external_id
      CX_SOURCE_REGION      = var.region
      CX_SOURCE_BUCKET      = var.source_bucket
    }
    extract-postgres = {
      CX_SOURCE_ROLE_ARN    = aws_iam_role.source["source-parameters"].arn
      CX_SOURCE_EXTERNAL_ID = var.external_id
      CX_SOURCE_REGION      = var.region
    }
  }
}
