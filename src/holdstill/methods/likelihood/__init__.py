"""What methods share: the likelihood of all pixels, its maximum, and what an estimate is worth."""
