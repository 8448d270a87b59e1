"""The plugin for napari: a dock widget that registers the movie of a layer, and sample data.

napari finds it by ``napari.yaml``; nothing here is imported without napari.
"""
