"""TIFF, OME-TIFF and ImageJ hyperstacks."""
