"""Optical flow: a displacement for each pixel, by total variation or in windows."""
