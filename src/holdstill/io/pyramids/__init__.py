"""Images in several resolutions: slides and stacks that are read and written in parts."""
