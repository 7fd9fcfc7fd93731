mock_provider "aws" {
  override_data {
    target = data.aws_ami.worker
    values = { root_device_name = "/dev/xvda" }
  }
  override_data {
    target = data.aws_iam_policy_document.assume
    values = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }
  override_data {
    target = data.aws_iam_policy_document.worker
    values = { json = "{\"Version\": \"2012-10-17\", \"Statement\": []}" }
  }
  mock_resource "aws_iam_instance_profile" {
    defaults = { arn = "arn:aws:iam::123456789012:instance-profile/worker" }
  }
}

variables {
  ami_id     = "ami-0123456789abcdef0"
  vpc_id     = "vpc-0123456789abcdef0"
  subnet_ids = ["subnet-0123456789abcdef0"]
  bundle = {
    version = "0.2.0"
    bucket  = "releases.example"
    key     = "ascension-0.2.0.tar.gz"
    sha256  = "0000000000000000000000000000000000000000000000000000000000000000"
  }
  settings = { ENVIRONMENT = "staging", S3_BUCKET = "ascension-staging" }
  link = {
    address = "10.0.1.40"
    peers = {
      database = {
        name       = "database.ascension.internal"
        address    = "10.0.1.20"
        endpoint   = "198.51.100.20:51820"
        public_key = "ZGF0YWJhc2U="
      }
      queue = {
        name       = "queue.ascension.internal"
        address    = "10.0.1.10"
        endpoint   = "198.51.100.10:51820"
        public_key = "cXVldWU="
      }
    }
  }
}

run "one_hardened_spot_machine" {
  command = apply

  assert {
    condition = alltrue([
      aws_autoscaling_group.worker.desired_capacity == 1,
      aws_autoscaling_group.worker.mixed_instances_policy[0].instances_distribution[0].on_demand_base_capacity == 0,
      aws_autoscaling_group.worker.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 0,
      aws_autoscaling_group.worker.mixed_instances_policy[0].launch_template[0].override[0].instance_type == "g4dn.xlarge",
    ])
    error_message = "one spot g4dn.xlarge"
  }
  assert {
    condition = alltrue([
      aws_launch_template.worker.metadata_options[0].http_tokens == "required",
      aws_launch_template.worker.metadata_options[0].http_put_response_hop_limit == 1,
      tobool(aws_launch_template.worker.block_device_mappings[0].ebs[0].encrypted),
      aws_launch_template.worker.block_device_mappings[0].device_name == "/dev/xvda",
      aws_launch_template.worker.image_id == var.ami_id,
    ])
    error_message = "metadata with tokens, an encrypted root on the image's own device, the image that was named"
  }
  assert {
    condition     = keys(aws_vpc_security_group_egress_rule.link) == ["51820"]
    error_message = "the link's port, once"
  }
}

run "what_it_is_started_with" {
  command = apply

  assert {
    condition     = startswith(output.cloud_init, "#cloud-config\n") && length(base64gzip(output.cloud_init)) < 16384 * 4 / 3
    error_message = "cloud-init takes it for its own, and AWS takes 16 KB"
  }
  assert {
    condition = toset([for file in yamldecode(output.cloud_init).write_files : file.path]) == toset([
      "/etc/ascension/boot.json", "/etc/ascension/host.json", "/etc/ascension/worker.env",
      "/etc/systemd/system/ascension-spot.service",
      "/etc/systemd/system/ascension-worker-blue@.service.d/spot.conf",
      "/etc/systemd/system/ascension-worker-green@.service.d/spot.conf",
      "/opt/ascension/boot/boot.py", "/opt/ascension/boot/spot.py",
    ])
    error_message = "these files and no others"
  }
  assert {
    condition     = yamldecode(output.cloud_init).runcmd == [["/usr/bin/python3", "/opt/ascension/boot/boot.py"]]
    error_message = "one program does it all"
  }
}

run "full_price_where_asked_for" {
  command = plan
  variables {
    on_demand = true
  }
  assert {
    condition     = aws_autoscaling_group.worker.mixed_instances_policy[0].instances_distribution[0].on_demand_percentage_above_base_capacity == 100
    error_message = "no spot machine"
  }
}

run "an_image_by_name_is_refused" {
  command = plan
  variables {
    ami_id = "latest"
  }
  expect_failures = [var.ami_id]
}

run "a_release_without_digest_is_refused" {
  command = plan
  variables {
    bundle = { version = "0.2.0", bucket = "releases.example", key = "ascension-0.2.0.tar.gz", sha256 = "" }
  }
  expect_failures = [var.bundle]
}

run "a_secret_in_the_settings_is_refused" {
  command = plan
  variables {
    settings = { AWS_SECRET_ACCESS_KEY = "here" }
  }
  expect_failures = [var.settings]
}
