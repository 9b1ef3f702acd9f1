output "state_bucket" {
  description = "Bucket that all roots keep their state in."
  value       = aws_s3_bucket.state.bucket
}

output "state_key_arn" {
  description = "Key that the state is encrypted under."
  value       = aws_kms_key.state.arn
}

output "backend" {
  description = "Content of ../backend.hcl, for terraform init -backend-config of every root."
  value       = <<-EOT
    bucket     = "${aws_s3_bucket.state.bucket}"
    region     = "${var.region}"
    kms_key_id = "${aws_kms_key.state.arn}"
  EOT
}
