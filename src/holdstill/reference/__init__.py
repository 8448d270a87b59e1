"""What frames are compared with."""
