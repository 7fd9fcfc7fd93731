data "aws_ami" "worker" {
  filter {
    name   = "image-id"
    values = [var.ami_id]
  }
}

data "aws_partition" "current" {}

data "aws_region" "current" {}

data "aws_caller_identity" "current" {}

locals {
  ports = toset([for peer in var.link.peers : regex(":([0-9]+)$", peer.endpoint)[0]])

  boot = {
    version    = var.bundle.version
    bundle     = "s3://${var.bundle.bucket}/${var.bundle.key}"
    sha256     = var.bundle.sha256
    parameters = var.parameters
    region     = data.aws_region.current.name
    link       = var.link
  }
  host = {
    role     = "worker"
    run_with = "units"
    count    = 1
    lock     = "worker-cuda"
    python   = "/usr/bin/python3"
  }
  files = merge({
    "/etc/ascension/host.json"                   = jsonencode(local.host)
    "/etc/ascension/boot.json"                   = jsonencode(local.boot)
    "/etc/ascension/worker.env"                  = join("", [for name, value in var.settings : "${name}='${value}'\n"])
    "/opt/ascension/boot/boot.py"                = file("${path.module}/boot.py")
    "/opt/ascension/boot/spot.py"                = file("${path.module}/spot.py")
    "/etc/systemd/system/ascension-spot.service" = file("${path.module}/ascension-spot.service")
    }, {
    # two minutes from the notice to the end: what is not finished by then goes back into the queue
    for color in ["blue", "green"] : "/etc/systemd/system/ascension-worker-${color}@.service.d/spot.conf" =>
    "[Service]\nEnvironment=WORKER_DRAIN_S=80\nTimeoutStopSec=100\n"
  })
  # Everybody in the account who may look at the machine reads this: no secret stands in it.
  cloud_init = "#cloud-config\n${yamlencode({
    package_update = true
    packages       = ["python3-venv", "wireguard-tools"]
    write_files    = [for path, content in local.files : { path = path, permissions = "0644", content = content }]
    runcmd         = [["/usr/bin/python3", "/opt/ascension/boot/boot.py"]]
  })}"
}

# --- What the machine may ------------------------------------------------------------------------------------------

data "aws_iam_policy_document" "assume" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "worker" {
  statement {
    sid     = "ItsSecrets"
    actions = ["ssm:GetParametersByPath"]
    resources = [join("", [
      "arn:${data.aws_partition.current.partition}:ssm:${data.aws_region.current.name}:",
      "${data.aws_caller_identity.current.account_id}:parameter${var.parameters}",
    ])]
  }
  statement {
    sid       = "ItsRelease"
    actions   = ["s3:GetObject"]
    resources = ["arn:${data.aws_partition.current.partition}:s3:::${var.bundle.bucket}/${var.bundle.key}"]
  }
  dynamic "statement" {
    for_each = var.parameters_key_arn == null ? [] : [var.parameters_key_arn]
    content {
      sid       = "OpenItsSecrets"
      actions   = ["kms:Decrypt"]
      resources = [statement.value]
    }
  }
}

resource "aws_iam_role" "worker" {
  name_prefix        = "${var.name}-"
  description        = "A spot worker reads its own secrets and its release, nothing else."
  assume_role_policy = data.aws_iam_policy_document.assume.json
}

resource "aws_iam_role_policy" "worker" {
  name_prefix = "${var.name}-"
  role        = aws_iam_role.worker.id
  policy      = data.aws_iam_policy_document.worker.json
}

resource "aws_iam_instance_profile" "worker" {
  name_prefix = "${var.name}-"
  role        = aws_iam_role.worker.name
}

# --- Who reaches it: nobody; whom it reaches ------------------------------------------------------------------------

resource "aws_security_group" "worker" {
  name_prefix = "${var.name}-"
  description = "No way in: a worker opens every line itself."
  vpc_id      = var.vpc_id

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.worker.id
  description       = "Storage, Parameter Store, packages"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_vpc_security_group_egress_rule" "http" {
  security_group_id = aws_security_group.worker.id
  description       = "Signed packages of the distribution"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 80
}

resource "aws_vpc_security_group_egress_rule" "link" {
  for_each          = local.ports
  security_group_id = aws_security_group.worker.id
  description       = "WireGuard to the two servers"
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "udp"
  from_port         = tonumber(each.value)
  to_port           = tonumber(each.value)
}

# --- The machine ---------------------------------------------------------------------------------------------------

resource "aws_launch_template" "worker" {
  name_prefix            = "${var.name}-"
  image_id               = var.ami_id
  update_default_version = true
  user_data              = base64gzip(local.cloud_init)

  iam_instance_profile {
    arn = aws_iam_instance_profile.worker.arn
  }
  network_interfaces {
    security_groups       = [aws_security_group.worker.id]
    delete_on_termination = true
  }
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }
  block_device_mappings {
    device_name = data.aws_ami.worker.root_device_name
    ebs {
      volume_type           = "gp3"
      volume_size           = var.disk_gb
      encrypted             = true
      delete_on_termination = true
    }
  }
  dynamic "tag_specifications" {
    for_each = ["instance", "volume"]
    content {
      resource_type = tag_specifications.value
      tags          = { Name = var.name }
    }
  }
}

# A group of one: a spot machine that is taken back is replaced by the next that can be had.
resource "aws_autoscaling_group" "worker" {
  name_prefix         = "${var.name}-"
  min_size            = 1
  max_size            = 2
  desired_capacity    = 1
  vpc_zone_identifier = var.subnet_ids
  health_check_type   = "EC2"
  capacity_rebalance  = true

  mixed_instances_policy {
    instances_distribution {
      on_demand_base_capacity                  = 0
      on_demand_percentage_above_base_capacity = var.on_demand ? 100 : 0
      spot_allocation_strategy                 = "price-capacity-optimized"
    }
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.worker.id
        version            = aws_launch_template.worker.latest_version
      }
      override {
        instance_type = var.instance_type
      }
    }
  }
  # Another release or image: the machine of before goes once its successor runs.
  instance_refresh {
    strategy = "Rolling"
    preferences {
      min_healthy_percentage = 100
      max_healthy_percentage = 200
    }
  }
  tag {
    key                 = "Name"
    value               = var.name
    propagate_at_launch = true
  }
}
