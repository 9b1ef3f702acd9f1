# Who read which object of the raw zone: the keys of objects, never their content.
resource "aws_s3_bucket" "access_logs" {
  #checkov:skip=CKV_AWS_18:A bucket that logged its own log writes would never come to rest.
  #checkov:skip=CKV_AWS_21:The log service writes each object once and nobody replaces one.
  #checkov:skip=CKV_AWS_144:Logs of one region's bucket stay in its region.
  #checkov:skip=CKV_AWS_145:S3 delivers access logs only to a bucket under SSE-S3.
  #checkov:skip=CKV2_AWS_62:Nobody waits for a log.
  bucket = "${var.raw_bucket}-access-logs"

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "access_logs" {
  bucket                  = aws_s3_bucket.access_logs.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id

  rule {
    id     = "a-year-of-logs"
    status = "Enabled"

    filter {}

    expiration {
      days = 365
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }
}

resource "aws_s3_bucket_policy" "access_logs" {
  bucket = aws_s3_bucket.access_logs.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TakeTheRawZonesLogs"
        Effect    = "Allow"
        Principal = { Service = "logging.s3.amazonaws.com" }
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::${var.raw_bucket}-access-logs/${var.raw_bucket}/*"
        Condition = {
          ArnEquals    = { "aws:SourceArn" = "arn:aws:s3:::${var.raw_bucket}" }
          StringEquals = { "aws:SourceAccount" = var.own_account_id }
        }
      },
      {
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${var.raw_bucket}-access-logs", "arn:aws:s3:::${var.raw_bucket}-access-logs/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.access_logs]
}
