variable "name" {
  description = "What everything made here is called by, for example ascension-staging-worker."
  type        = string
  default     = "ascension-staging-worker"
}

variable "ami_id" {
  description = "Image of Debian 12 or Ubuntu 24.04 with NVIDIA's driver and the AWS command line; images change, so none is assumed."
  type        = string
  validation {
    condition     = can(regex("^ami-[0-9a-f]{8,17}$", var.ami_id))
    error_message = "ami_id is the id of one image: ami- and hexadecimal digits."
  }
}

variable "instance_type" {
  description = "The document's: one NVIDIA T4, 4 processors, 16 GB."
  type        = string
  default     = "g4dn.xlarge"
}

variable "on_demand" {
  description = "Take it at the full price: where spot machines cannot be had for days."
  type        = bool
  default     = false
}

variable "subnet_ids" {
  description = "Subnets with a way to the Internet, in zones that have this type."
  type        = list(string)
  validation {
    condition     = length(var.subnet_ids) > 0
    error_message = "subnet_ids needs one subnet at least."
  }
}

variable "vpc_id" {
  description = "The network of those subnets."
  type        = string
}

variable "disk_gb" {
  description = "Encrypted root: system, driver, two releases with their packages, clips at work."
  type        = number
  default     = 80
}

variable "bundle" {
  description = "The release: where `make bundle` was copied to, and the digest that it printed."
  type = object({
    version = string
    bucket  = string
    key     = string
    sha256  = string
  })
  validation {
    condition     = can(regex("^[0-9a-f]{64}$", var.bundle.sha256))
    error_message = "bundle.sha256 is the digest that `make bundle` prints: 64 hexadecimal digits."
  }
}

variable "parameters" {
  description = "Path in Parameter Store below which this host's secrets lie (README.md names them); never a value."
  type        = string
  default     = "/ascension/staging/worker"
  validation {
    condition     = can(regex("^/[A-Za-z0-9_./-]*[A-Za-z0-9_-]$", var.parameters))
    error_message = "parameters begins with / and does not end with it."
  }
}

variable "parameters_key_arn" {
  description = "The key that seals them, where it is not the account's own for Parameter Store."
  type        = string
  default     = null
}

variable "settings" {
  description = "Variables of the worker that are no secrets: ENVIRONMENT, S3_ENDPOINT, S3_REGION, S3_BUCKET, AWS_ACCESS_KEY_ID."
  type        = map(string)
  validation {
    condition     = !anytrue([for name in keys(var.settings) : can(regex("(SECRET|PASSWORD|_URL$)", name))])
    error_message = "settings holds no secrets: they lie in Parameter Store."
  }
}

variable "link" {
  description = "The WireGuard link: this host's address, and the two servers as this host knows them."
  type = object({
    address = string
    peers = map(object({
      name       = string
      address    = string
      endpoint   = string
      public_key = string
    }))
  })
  validation {
    condition     = toset(keys(var.link.peers)) == toset(["database", "queue"])
    error_message = "link.peers names database and queue."
  }
}
