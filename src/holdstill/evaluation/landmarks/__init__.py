"""How well methods register pairs of images, told by landmarks that people put on both."""
