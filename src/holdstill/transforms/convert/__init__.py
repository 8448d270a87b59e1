"""One file for each foreign convention; ours is `holdstill.transforms.Transform`."""
