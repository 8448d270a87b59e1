"""What finds one section in another: unlike pictures of the same tissue, turned, torn and stained differently."""
