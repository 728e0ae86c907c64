terraform {
  required_version = ">= 1.5"
}

output "name" {
  description = "A name."
  value       = "shop"
}
