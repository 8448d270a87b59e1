"""What methods share: where to begin, by correlation."""
