"""Synthetic movies with exact truth, the bounds that physics sets, accuracy figures, and adapters to peers.

No floor of the package imports this one; benchmarks, tests and users do, part by part:

- `holdstill.evaluation.scenes`: scenes known analytically at any sub-pixel shift
- `holdstill.evaluation.movies`: what a camera records of a scene that moves
- `holdstill.evaluation.presets`: the named scenes that benchmarks and tests share
- `holdstill.evaluation.bounds`: the Cramér-Rao bound
- `holdstill.evaluation.accuracy`: errors of estimates against the truth
- `holdstill.evaluation.peers`: other packages behind one face
"""
