# Arguments that are checked by the real provider too need values of the right form.
override_resource {
  target = aws_kms_key.raw_zone
  values = { arn = "arn:aws:kms:eu-north-1:222222222222:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e01" }
}
override_resource {
  target = aws_kms_key.parameters
  values = { arn = "arn:aws:kms:eu-north-1:222222222222:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e02" }
}
override_resource {
  target = aws_kms_key.logs
  values = { arn = "arn:aws:kms:eu-north-1:222222222222:key/5d3a0c1e-7b1f-4a52-9a65-0f6c2c1d8e04" }
}
override_resource {
  target = aws_s3_bucket.access_logs
  values = { id = "coretelecoms-raw-zone-access-logs" }
}
mock_resource "aws_iam_role" {
  defaults = { arn = "arn:aws:iam::222222222222:role/cx-mock" }
}
mock_resource "aws_iam_policy" {
  defaults = { arn = "arn:aws:iam::222222222222:policy/cx-boundary" }
}
mock_resource "aws_iam_openid_connect_provider" {
  defaults = { arn = "arn:aws:iam::222222222222:oidc-provider/token.actions.githubusercontent.com" }
}
