"""One file per method; the file's name is the public name. Parts that methods share begin with an underscore."""

from holdstill.estimators.cross_correlation import CrossCorrelation
from holdstill.estimators.direct import Direct
from holdstill.estimators.exhaustive_search import ExhaustiveSearch
from holdstill.estimators.features import Features
from holdstill.estimators.log_polar import LogPolar
from holdstill.estimators.masked_correlation import MaskedCorrelation
from holdstill.estimators.mutual_information import MutualInformation
from holdstill.estimators.phase_correlation import PhaseCorrelation
from holdstill.estimators.template_matching import TemplateMatching

__all__ = [
    "CrossCorrelation",
    "Direct",
    "ExhaustiveSearch",
    "Features",
    "LogPolar",
    "MaskedCorrelation",
    "MutualInformation",
    "PhaseCorrelation",
    "TemplateMatching",
]
