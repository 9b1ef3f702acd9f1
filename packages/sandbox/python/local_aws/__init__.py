"""MiniStack, with what it leaves out of IAM and this platform depends on."""
