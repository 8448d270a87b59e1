"""Scenes that mislead: everything that real movies hold and clean physics does not, with exact truth.

One file a family; each scene is a function of a `Setting`, listed in `holdstill.evaluation.stress.suite.SCENES`.
`holdstill.evaluation.stress.score` counts what a registration made of one.
"""
