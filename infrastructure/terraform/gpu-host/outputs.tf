output "group_name" {
  description = "The group of one; its activity tells of interruptions."
  value       = aws_autoscaling_group.worker.name
}

output "role_arn" {
  description = "What the machine is, for policies of buckets and keys."
  value       = aws_iam_role.worker.arn
}

output "security_group_id" {
  description = "Without a way in."
  value       = aws_security_group.worker.id
}

output "launch_template" {
  description = "Id and version that runs."
  value       = "${aws_launch_template.worker.id}:${aws_launch_template.worker.latest_version}"
}

output "cloud_init" {
  description = "What the machine does at its first start; no secret stands in it."
  value       = local.cloud_init
}
