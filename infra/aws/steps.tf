locals {
  on_ecs = local.ecs_cluster_name != null
  on_eks = local.eks_cluster_name != null

  # A task takes its role through ECS, and only for a task of this account and region.
  ecs_trust = {
    Sid       = "TrustTasksOfThisAccount"
    Effect    = "Allow"
    Principal = { Service = "ecs-tasks.amazonaws.com" }
    Action    = "sts:AssumeRole"
    Condition = {
      ArnLike      = { "aws:SourceArn" = "arn:aws:ecs:${var.region}:${var.own_account_id}:*" }
      StringEquals = { "aws:SourceAccount" = var.own_account_id }
    }
  }

  # A pod takes its role through Pod Identity, which names cluster, namespace and service account as session tags.
  step_trust = {
    for app in local.apps : app => concat(
      local.on_ecs ? [local.ecs_trust] : [],
      local.on_eks ? [
        {
          Sid       = "TrustPodsOfTheServiceAccount"
          Effect    = "Allow"
          Principal = { Service = "pods.eks.amazonaws.com" }
          Action    = ["sts:AssumeRole", "sts:TagSession"]
          Condition = {
            ArnEquals = { "aws:SourceArn" = "arn:aws:eks:${var.region}:${var.own_account_id}:cluster/${local.eks_cluster_name}" }
            StringEquals = {
              "aws:RequestTag/kubernetes-namespace"       = var.kubernetes_namespace
              "aws:RequestTag/kubernetes-service-account" = "cx-${app}"
              "aws:SourceAccount"                         = var.own_account_id
            }
          }
        },
      ] : [],
    )
  }
}

resource "aws_eks_pod_identity_association" "app" {
  for_each = local.on_eks ? aws_iam_role.app : {}

  cluster_name    = local.eks_cluster_name
  namespace       = var.kubernetes_namespace
  service_account = each.value.name
  role_arn        = each.value.arn
}

resource "aws_cloudwatch_log_group" "step" {
  for_each = toset(local.steps)

  name              = "/coretelecoms/${each.key}"
  retention_in_days = 365
  kms_key_id        = aws_kms_key.logs.arn
}

# What ECS itself needs to start a step: its image, its log group, its own secrets. The app never holds this role.
resource "aws_iam_role" "launch" {
  for_each = local.on_ecs ? toset(local.steps) : []

  name                 = "cx-${each.key}-launch"
  description          = "By which ECS starts ${each.key}"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [local.ecs_trust] })
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "launch" {
  for_each = aws_iam_role.launch

  name   = each.value.name
  role   = each.value.name
  policy = templatefile("${path.module}/../policies/deployment/launch.json", merge(local.policy_values, { step = each.key, image = local.images[each.key] }))
}

# Airflow on ECS: starts the steps, stops them, reads their logs, and hands them their roles. On EKS its rights are
# Kubernetes' own, and it needs no verb in AWS.
resource "aws_iam_role" "airflow" {
  count = local.on_ecs ? 1 : 0

  name                 = "cx-airflow"
  description          = "What Airflow may do in AWS"
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [local.ecs_trust] })
  permissions_boundary = aws_iam_policy.boundary.arn
}

resource "aws_iam_role_policy" "airflow" {
  count = length(aws_iam_role.airflow)

  name   = aws_iam_role.airflow[0].name
  role   = aws_iam_role.airflow[0].name
  policy = templatefile("${path.module}/../policies/deployment/airflow.json", merge(local.policy_values, { ecs_cluster_name = local.ecs_cluster_name }))
}
