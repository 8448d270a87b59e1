"""What `holdstill.estimators` holds, for type checkers: a line for each method, which is joined with `fit` lazily."""

from holdstill.methods import (
    cross_correlation,
    deformable,
    direct,
    exhaustive_search,
    features,
    lines,
    log_polar,
    masked_correlation,
    mutual_information,
    optical_flow,
    phase_correlation,
    piecewise,
    template_matching,
)
from holdstill.run.fit import FittingEstimator

__all__ = [
    "CrossCorrelation",
    "Deformable",
    "Direct",
    "ExhaustiveSearch",
    "Features",
    "Lines",
    "LogPolar",
    "MaskedCorrelation",
    "MutualInformation",
    "OpticalFlow",
    "PhaseCorrelation",
    "Piecewise",
    "TemplateMatching",
]

class CrossCorrelation(cross_correlation.CrossCorrelation, FittingEstimator): ...
class Deformable(deformable.Deformable, FittingEstimator): ...
class Direct(direct.Direct, FittingEstimator): ...
class ExhaustiveSearch(exhaustive_search.ExhaustiveSearch, FittingEstimator): ...
class Features(features.Features, FittingEstimator): ...
class Lines(lines.Lines, FittingEstimator): ...
class LogPolar(log_polar.LogPolar, FittingEstimator): ...
class MaskedCorrelation(masked_correlation.MaskedCorrelation, FittingEstimator): ...
class MutualInformation(mutual_information.MutualInformation, FittingEstimator): ...
class OpticalFlow(optical_flow.OpticalFlow, FittingEstimator): ...
class PhaseCorrelation(phase_correlation.PhaseCorrelation, FittingEstimator): ...
class Piecewise(piecewise.Piecewise, FittingEstimator): ...
class TemplateMatching(template_matching.TemplateMatching, FittingEstimator): ...
