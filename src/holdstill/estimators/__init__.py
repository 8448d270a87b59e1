"""One file per method; the file's name is the public name. Parts that methods share begin with an underscore."""

from holdstill.estimators.direct import Direct

__all__ = ["Direct"]
