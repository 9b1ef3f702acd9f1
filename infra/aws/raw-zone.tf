resource "aws_s3_bucket" "raw_zone" {
  #checkov:skip=CKV_AWS_144:Every object can be extracted again, or rebuilt from the source; a second region is not worth its price.
  #checkov:skip=CKV2_AWS_62:Airflow's assets announce a publication; nobody waits for bucket events.
  bucket = var.raw_bucket

  lifecycle {
    prevent_destroy = true
  }
}

resource "aws_s3_bucket_ownership_controls" "raw_zone" {
  bucket = aws_s3_bucket.raw_zone.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_public_access_block" "raw_zone" {
  bucket                  = aws_s3_bucket.raw_zone.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_versioning" "raw_zone" {
  bucket = aws_s3_bucket.raw_zone.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "raw_zone" {
  bucket = aws_s3_bucket.raw_zone.id

  rule {
    # One call to KMS for many objects: without it each part costs a request.
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.raw_zone.arn
    }
  }
}

resource "aws_s3_bucket_lifecycle_configuration" "raw_zone" {
  bucket = aws_s3_bucket.raw_zone.id

  rule {
    id     = "quarantine-is-kept-for-a-while"
    status = "Enabled"

    filter {
      prefix = "quarantine/"
    }

    expiration {
      days = var.quarantine_days
    }
  }

  rule {
    id     = "replaced-and-removed-objects"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = var.old_version_days
    }
  }

  rule {
    id     = "uploads-of-dead-attempts"
    status = "Enabled"

    filter {}

    abort_incomplete_multipart_upload {
      days_after_initiation = 2
    }
  }

  depends_on = [aws_s3_bucket_versioning.raw_zone]
}

resource "aws_s3_bucket_policy" "raw_zone" {
  bucket = aws_s3_bucket.raw_zone.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "RefusePlainHttp"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${var.raw_bucket}", "arn:aws:s3:::${var.raw_bucket}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "RefuseOldTls"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = ["arn:aws:s3:::${var.raw_bucket}", "arn:aws:s3:::${var.raw_bucket}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
      {
        # A writer names no key and gets the bucket's. Naming another would lock the readers out.
        Sid       = "RefuseAnotherKey"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:PutObject"
        Resource  = "arn:aws:s3:::${var.raw_bucket}/*"
        Condition = {
          StringNotEqualsIfExists = { "s3:x-amz-server-side-encryption-aws-kms-key-id" = aws_kms_key.raw_zone.arn }
          Null                    = { "s3:x-amz-server-side-encryption" = "false" }
        }
      },
    ]
  })

  depends_on = [aws_s3_bucket_public_access_block.raw_zone]
}

resource "aws_s3_bucket_logging" "raw_zone" {
  bucket        = aws_s3_bucket.raw_zone.id
  target_bucket = aws_s3_bucket.access_logs.id
  target_prefix = "${var.raw_bucket}/"

  depends_on = [aws_s3_bucket_policy.access_logs]
}
