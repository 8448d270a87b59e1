"""A paragraph for the methods section of a paper, and how to repeat the job, from the provenance."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from holdstill.result.value import RegistrationValue

__all__ = ["methods", "references", "repeat_command", "repeat_python"]

WORKS = {
    "lucas": "Lucas B. D., Kanade T. An iterative image registration technique with an application to stereo vision. "
    "IJCAI 1981.",
    "robinson": "Robinson D., Milanfar P. Fundamental performance limits in image registration. "
    "IEEE Trans. Image Process. 13, 1185-1199 (2004).",
    "clement": "Clement C. B., Bierbaum M., Sethna J. P. Image registration and super resolution from first "
    "principles. arXiv:1809.05583 (2018).",
    "unser": "Unser M. Splines: a perfect fit for signal and image processing. IEEE Signal Process. Mag. 16, 22-38 "
    "(1999).",
    "kuglin": "Kuglin C. D., Hines D. C. The phase correlation image alignment method. IEEE Conf. Cybernetics and "
    "Society, 163-165 (1975).",
    "lewis": "Lewis J. P. Fast normalized cross-correlation. Vision Interface, 120-123 (1995).",
    "padfield": "Padfield D. Masked object registration in the Fourier domain. IEEE Trans. Image Process. 21, "
    "2706-2718 (2012).",
    "reddy": "Reddy B. S., Chatterji B. N. An FFT-based technique for translation, rotation, and scale-invariant image "
    "registration. IEEE Trans. Image Process. 5, 1266-1271 (1996).",
    "viola": "Viola P., Wells W. M. Alignment by maximization of mutual information. Int. J. Comput. Vis. 24, 137-154 "
    "(1997).",
    "fischler": "Fischler M. A., Bolles R. C. Random sample consensus. Commun. ACM 24, 381-395 (1981).",
}
# what each estimator does, and whom it follows
ESTIMATORS = {
    "Direct": (
        "Starting from a cross-correlation of binned images, the transform, a gain and an offset were found by "
        "Gauss-Newton steps (Lucas and Kanade 1981) that maximise the likelihood of all pixels; the reference was "
        "interpolated by cubic B-splines (Unser 1999), and each pixel was weighted by the inverse of its variance.",
        ("lucas", "unser"),
    ),
    "CrossCorrelation": ("Shifts were found at the maximum of the cross-correlation.", ()),
    "PhaseCorrelation": ("Shifts were found by phase correlation (Kuglin and Hines 1975).", ("kuglin",)),
    "MaskedCorrelation": ("Shifts were found by masked normalised correlation (Padfield 2012).", ("padfield",)),
    "TemplateMatching": ("Shifts were found by normalised template matching (Lewis 1995).", ("lewis",)),
    "ExhaustiveSearch": ("Shifts were found by an exhaustive search.", ()),
    "LogPolar": ("Rotation and scale were found in log-polar spectra (Reddy and Chatterji 1996).", ("reddy",)),
    "Features": (
        "Transforms were found from matched image features, by a robust fit to random samples (Fischler and Bolles "
        "1981).",
        ("fischler",),
    ),
    "Piecewise": (
        "Displacements at the points of a grid were found by Gauss-Newton steps (Lucas and Kanade 1981) that maximise "
        "the likelihood of all pixels, as smooth as the movie itself asks for.",
        ("lucas",),
    ),
    "Lines": (
        "A displacement of each line of the scan was found by Gauss-Newton steps (Lucas and Kanade 1981) that maximise "
        "the likelihood of all pixels, as smooth in time as the movie itself asks for.",
        ("lucas",),
    ),
    "OpticalFlow": (
        "A displacement of each pixel was found by optical flow, beginning with the shift of the frame.",
        (),
    ),
    "Deformable": (
        "All rotations of small copies competed; the best were refined by the normalised correlation of what overlaps "
        "(Padfield 2012).",
        ("padfield",),
    ),
    "MutualInformation": (
        "Transforms were found by maximising the mutual information (Viola and Wells 1997).", ("viola",),
    ),
}  # fmt: skip
REFINED = " They were refined by Gauss-Newton steps (Lucas and Kanade 1981) that maximise the likelihood of all pixels."
COUNTS = {1: "once", 2: "twice"}


def methods(registration: RegistrationValue) -> str:
    """What was done, in sentences; what the provenance does not know is left out."""
    return " ".join(filter(None, (sentence for sentence, _ in _sentences(registration))))


def references(registration: RegistrationValue) -> tuple[str, ...]:
    """The literature that `methods` cites, in the order in which it is cited."""
    keys = dict.fromkeys(key for sentence, keys in _sentences(registration) if sentence for key in keys)
    return tuple(WORKS[key] for key in keys)


def repeat_command(registration: RegistrationValue) -> str:
    """The command that does the same again; empty where the provenance does not say what was asked for."""
    known = registration.provenance
    inputs = [known.get(name) for name in (("fixed", "input") if _is_pair(registration) else ("input",))]
    if not all(isinstance(name, str) and name != "array" for name in inputs):
        return ""
    flags = [f"--{name.replace('_', '-')}{_value(value)}" for name, value in _list_options(known).items()]
    verb = "align" if len(inputs) > 1 else "correct" if known.get("resampling") else "register"
    target = "-o drift.json" if verb == "register" else "OUT.ome.tif"
    return " ".join(["holdstill", verb, *(shlex.quote(str(name)) for name in inputs), target, *flags])


def repeat_python(registration: RegistrationValue) -> str:
    """The same in Python."""
    known = registration.provenance
    if not isinstance(known.get("input"), str):
        return ""
    name = "images" if known["input"] == "array" else repr(known["input"])
    options = "".join(f", {key}={value!r}" for key, value in _list_options(known).items())
    if _is_pair(registration):
        return _repeat_align(known, options)
    if known.get("resampling"):
        return f'import holdstill as hs\n\nreg = hs.correct({name}, "OUT.ome.tif"{options})'
    return f"import holdstill as hs\n\nreg = hs.register({name}{options})"


def _repeat_align(known: dict[str, Any], options: str) -> str:
    names = [known.get("fixed"), known["input"]]
    if names[0] is None:
        return ""
    words = zip(("fixed", "moving"), names, strict=True)
    fixed, moving = (word if name == "array" else repr(name) for word, name in words)
    out = ', out="OUT.ome.tif"' if known.get("resampling") else ""
    return f"import holdstill as hs\n\nreg = hs.align({fixed}, {moving}{out}{options})"


def _sentences(registration: RegistrationValue) -> list[tuple[str, tuple[str, ...]]]:
    known, n = registration.provenance, len(registration)
    version = f" {known['version']}" if "version" in known else ""
    what = "the transform of one image" if n == 1 else f"the motion of {n:,} frames"
    begin = f"With holdstill{version}, {what} was estimated as {_article(registration.family)}."
    method = known.get("method")
    told: tuple[str, tuple[str, ...]] = ("", ())
    if isinstance(method, str):
        told = ESTIMATORS.get(method, (f"The estimator was {method}.", ()))
        if _part(known, "settings").get("refine"):
            told = told[0] + REFINED, (*told[1], "lucas")
    bars = "Error bars are one standard deviation", ()
    bounded = bool((registration.errors > 0).any()) and bool((registration.bounds > 0).any())
    return [
        (begin, ()), _reference(known), (_colours(known), ()), told, (_noise(known), ()),
        (f"{bars[0]}, from the Cramér-Rao bound (Robinson and Milanfar 2004) and the residuals of each frame."
         if bounded or method == "Direct" else "", ("robinson",)),
        (_resampling(known), ()), (_repair(registration), ()),
    ]  # fmt: skip


def _article(motion: str) -> str:
    known = {"rigid": "a rotation and a shift", "similarity": "a rotation, a scale and a shift",
             "translation": "a shift", "affine": "an affine transform", "projective": "a projective transform",
             "bilinear": "a bilinear transform"}  # fmt: skip
    return known.get(motion, f"motion of the family {motion}")


def _reference(known: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    template, reference = _part(known, "template"), known.get("reference")
    n, rounds = template.get("n_good"), template.get("rounds")
    if reference == "template" and isinstance(n, int) and isinstance(rounds, int):
        frames = "one frame" if n == 1 else f"{n:,} frames"
        times = COUNTS.get(rounds, f"{rounds} times")
        return (
            f"The reference was learned from the movie itself: {frames} from all over it {'was' if n == 1 else 'were'} "
            f"aligned and averaged {times} (Clement et al. 2018).",
            ("clement",),
        )
    if isinstance(reference, int):
        return f"The reference was frame {reference}.", ()
    words = {
        "first": "The reference was the first frame.", "image": "The reference was a separate image.",
        "mean": "The reference was the mean of the movie.", "median": "The reference was the median of the movie.",
        "previous": "Each frame was compared with the one before it.",
        "pairs": "Many pairs of frames were compared, and one set of transforms was fitted to all of them.",
        "rolling": "Each frame was compared with a rolling mean of the frames before it.",
    }  # fmt: skip
    if reference is None:
        return "", ()
    return words.get(str(reference), f"The reference was {reference}."), ()


def _colours(known: dict[str, Any]) -> str:
    return "Pictures in colours were compared by the mean of red, green and blue." if known.get("colours") else ""


def _noise(known: dict[str, Any]) -> str:
    noise = _part(known, "noise")
    numbers = [noise.get(name) for name in ("gain", "read_variance", "offset")]
    if not all(isinstance(number, (int, float)) for number in numbers):
        return ""
    gain, variance, offset = numbers
    if not gain:
        return f"The noise was estimated from the data: its variance is {variance:.3g} at every grey level."
    return (
        f"The noise was estimated from the data: a photon counts {gain:.3g} grey levels, and the variance at grey "
        f"level {offset:.4g} is {variance:.3g}."
    )


def _resampling(known: dict[str, Any]) -> str:
    interpolation = _part(known, "resampling").get("interpolation")
    named = {"cubic": "cubic", "linear": "linear", "lanczos": "Lanczos", "nearest": "nearest-neighbour"}
    return (
        f"Each frame was resampled once, by {named.get(interpolation, interpolation)} interpolation."
        if interpolation
        else ""
    )


def _repair(registration: RegistrationValue) -> str:
    if not registration.ok.any():
        return ""
    counts = {kind: sum(each.value == kind for each in registration.treatments) for kind in TREATMENTS}
    return " ".join(text.format(_frames(counts[kind])) for kind, text in TREATMENTS.items() if counts[kind])


TREATMENTS = {
    "interpolated": "The transform of {0} was interpolated between good neighbours in time.",
    "smoothed": "The transform of {0} was smoothed over time.",
    "identity": "No motion was applied to {0}.",
    "dropped": "The result leaves out {0}.",
}


def _frames(n: int) -> str:
    return "one frame" if n == 1 else f"{n:,} frames"


def _list_options(known: dict[str, Any]) -> dict[str, Any]:
    """Options that were not at their defaults, without where and how fast."""
    asked = {
        key: _Unknown(key) if str(value).startswith("... of ") else value
        for key, value in {**_part(known, "reading"), **_part(known, "asked")}.items()
    }
    # on the command line numbers are texts; where there are no colours the first channel is what nobody asks for
    if str(asked.get("channel")) == "0" and not {"fixed", "colours"} & set(known):
        del asked["channel"]
    how = _part(known, "resampling")
    defaults = {"interpolation": "cubic", "edge": "constant", "fill": 0, "dtype": None}
    asked |= {key: how[key] for key, default in defaults.items() if key in how and how[key] != default}
    return asked | ({"crop": True} if how.get("crop") else {})


class _Unknown(str):
    """What was given as an image or an object, of which only the option's name is known."""

    def __repr__(self) -> str:
        """As a name in Python."""
        return str(self)


def _value(value: Any) -> str:
    if value is True:
        return ""
    if isinstance(value, _Unknown):
        return f" {value.upper()}"
    text = ",".join(f"{each:g}" for each in value) if isinstance(value, (list, tuple)) else str(value)
    return f" {shlex.quote(text)}"


def _is_pair(registration: RegistrationValue) -> bool:
    return len(registration) == 1


def _part(known: dict[str, Any], name: str) -> dict[str, Any]:
    """A group of the provenance, empty where a file lacks it or holds something else."""
    part = known.get(name)
    return part if isinstance(part, dict) else {}
