"""The result: how each frame moved, how sure that is, and what to do with it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from holdstill.contracts import Progress, ReadingOptions
from holdstill.engines.options import ComputingOptions
from holdstill.engines.records import Records, is_records, refuse_options
from holdstill.errors import FileInTheWay
from holdstill.io.disk import replacing
from holdstill.resampling.settings import Resampling
from holdstill.result import annotating, applying, exchange, files, report
from holdstill.result.archive import find_archive
from holdstill.result.card import make_card
from holdstill.result.changeable import ChangeableRegistration
from holdstill.result.components import PcShifts
from holdstill.result.review import Review, review_components, review_known

__all__ = ["Registration", "load"]


@dataclass(frozen=True, kw_only=True, eq=False, repr=False)  # one line, as its base says
class Registration(ChangeableRegistration):
    """How each frame of a sequence moved against the reference.

    It behaves as a sequence of transforms: ``len(reg)``, ``reg[3].map(points)``.
    Its values are those of `holdstill.result.fields.RegistrationFields`.
    """

    def apply(
        self,
        images: Any,
        *,
        axes: str | None = None,
        scene: str | int | None = None,
        skip_bad: bool = False,
        trust: bool = False,
        interpolation: str = "cubic",
        edge: str = "constant",
        fill: float = 0,
        crop: bool = False,
        dtype: str | None = None,
        out: str | Path | NDArray[Any] | None = None,
        overwrite: bool = False,
        repeat: bool = False,
        device: str = "cpu",
        engine: Any = "threads",
        workers: int | None = None,
        memory: str | int | None = None,
        progress: bool | Progress = False,
    ) -> Any:
        """Correct images with this motion; each frame is resampled once, channels alike.

        Parameters
        ----------
        images : path, ndarray, Source or pyspark.RDD
            As many frames, of the same shape, as were registered. Dropped ones are left out of what comes of them.
        axes : str, optional
            Axes of an array, such as ``"TCYX"``, where it does not have those of the images that were registered.
        scene : str or int, optional
            Name or number of one image of a file that holds several.
        skip_bad : bool
            Go on where frames of a file are damaged or cut off; they stay blank.
        trust : bool
            Read a file even if it claims to unpack to more than a thousand times its size.
        interpolation : {"cubic", "nearest", "linear", "lanczos"}
        edge : {"constant", "nearest", "reflect", "wrap"}
            What stands where a frame shows nothing: `fill`, its border pixel, or its mirror image.
        fill : float
            Value for ``edge="constant"``.
        crop : bool
            Keep only the box `coverage`.
        dtype : {"float32"}, optional
            Keep values as interpolation makes them; default: the images' dtype, rounded, and clamped to its range.
        out : path or ndarray, optional
            Write to this file and return its path; or into this array or memory map, of the shape and dtype of the
            result, which is returned.
        overwrite : bool
            Replace an existing `out`.
        repeat : bool
            Apply the only transform of this result to each of the frames.
        device : {"cpu", "gpu", "auto", "plain"} or Device
            Where pixels are computed.
        engine : {"threads", "dask", "spark"}, address, distributed.Client, SparkSession or Engine
            Who runs the chunks, as for `holdstill.register`.
        workers : int, optional
            Chunks at a time; default: one for each core.
        memory : str or int, optional
            What the process may take, as ``"2GB"`` or bytes. Default: a quarter of the machine's.
        progress : bool or callable (stage, done, total)
            Show a bar, or tell a function, which stops the work by returning False.

        Returns
        -------
        images of the same kind, axes and dtype, or the Path of `out`, or `out`
            A file becomes an ndarray. Dask arrays, and xarrays of them, are corrected when they are computed; what only
            slices like an array (Zarr, HDF5) becomes `CorrectedImages`, corrected when it is indexed. Records of Spark
            stay such records.

        Raises
        ------
        InputError
            The number or shape of the frames differs from what was registered.

        Examples
        --------
        >>> corrected = reg.apply(movie)  # doctest: +SKIP
        """
        resampling = Resampling(interpolation=interpolation, edge=edge, fill=fill, crop=crop, dtype=dtype)
        if is_records(images):
            refuse_options(
                axes=axes, scene=scene, skip_bad=skip_bad, trust=trust, out=out, overwrite=overwrite, repeat=repeat,
                device=device, engine=engine, workers=workers, memory=memory, progress=progress,
            )  # fmt: skip
            return applying.apply_to_records(self, Records(images), resampling)
        options = ReadingOptions(axes=axes, scene=scene, skip_bad=skip_bad, trust=trust)
        computing = ComputingOptions(device=device, engine=engine, workers=workers, memory=memory, progress=progress)
        if isinstance(out, str | Path):
            return applying.apply_to_file(
                self, images, out, options, resampling, computing, overwrite=overwrite, repeat=repeat
            )
        return applying.apply_to_images(self, images, options, resampling, computing, out=out, repeat=repeat)

    def transform(self, images: Any, **options: Any) -> Any:
        """Correct images, as `apply` does: thunder-registration's word for it."""
        return self.apply(images, **options)

    def save(self, path: str | Path) -> Path:
        """Write the result as JSON (schema in `holdstill.result.files`); `holdstill.load` reads it back, equal.

        Of motion by control points (``piecewise``, ``lines``, ``dense``) the arrays go into ``NAME.fields.npz`` beside
        it. Raises FileInTheWay if there is such a file that belongs to no result.
        """
        arrays = find_archive(path)
        if arrays.exists() and not files.is_result(path):
            raise FileInTheWay(f"{arrays}: exists already, and is no part of a result; choose another name")
        return files.write_result(path, self)

    def to_csv(self, path: str | Path) -> Path:
        """Write one row for each frame: time, parameters and their errors, score, verdict, and what was estimated.

        The columns after ``verdict`` are ``reason`` (a sentence), ``treatment``, ``jump`` (1 for the first frame after
        a jump), the parameters before repair and their bounds.
        """
        return files.write_csv(path, self)

    def export(self, path: str | Path) -> list[Path]:
        """Write the transforms for other programs; `holdstill.load` reads them back.

        Parameters
        ----------
        path : path
            Its suffix says the format: ``.csv``; ``.npz`` with matrices for scikit-image and OpenCV; ``.tfm`` for ITK,
            a file for each frame; ``.ngff.json`` with OME-Zarr's coordinate transformations (RFC-5). Of motion that
            bends too, and written only: ``.mha`` with ITK's displacement field of each frame, and ``.zarr`` with
            OME-Zarr's ``displacements`` at the control points. All in px.

        Returns
        -------
        list of Path
            The files.

        Raises
        ------
        FileError, InputError
            There is no such format, or it cannot hold such transforms.
        """
        return exchange.export(self.trajectory, Path(path))

    def move_annotations(
        self, source: str | Path, target: str | Path, *, to: str = "reference", frame: int = 0, overwrite: bool = False
    ) -> Path:
        """Write annotations of a frame where they lie on the reference, or with ``to="frame"`` the other way round.

        Files, as `holdstill.result.annotating.move_annotations` reads and writes them: GeoJSON of QuPath, tables of
        points, images of labels. Points in memory: ``reg[frame].map`` and ``reg[frame].inverse.map``.

        Examples
        --------
        >>> reg.move_annotations("cells.geojson", "on-fixed.geojson")  # doctest: +SKIP
        """
        return annotating.move_annotations(self, source, target, to=to, frame=frame, overwrite=overwrite)

    def plot(self, axes: Any = None) -> Any:
        """Draw the shift of each frame with its error band, and ticks for flagged frames.

        Parameters
        ----------
        axes : matplotlib.axes.Axes, optional
            Where to draw; default: a new figure of pyplot.

        Returns
        -------
        matplotlib.axes.Axes
        """
        return report.plot(self, axes)

    def _repr_html_(self) -> str:
        """A card for notebooks."""
        return make_card(self)

    def measure_pc_shifts(self, images: Any = None, *, axes: str | None = None) -> PcShifts:
        """Motion along the principal components of the images, before and after, as suite2p's metric of registration.

        Parameters
        ----------
        images, axes
            As in `report`.

        Returns
        -------
        PcShifts
            ``before`` and ``after``, (30,), px.

        Raises
        ------
        HoldstillError
            Fewer than 1,500 frames are good, or the images cannot be read, or do not fit.
        """
        return review_components(self, images, axes)

    def report(self, path: str | Path, images: Any = None, *, axes: str | None = None) -> Path:
        """Write a one-file HTML report: whether it worked, before and after, drift, flagged frames, methods.

        Parameters
        ----------
        path : path
            HTML file to write.
        images : path, array or Source, optional
            The images that were registered. Default: the file that `provenance` names, if it is still there; without
            them the report shows what the reference was learned from, and says so.
        axes : str, optional
            Axes of the images, where they do not say.

        Returns
        -------
        Path

        Raises
        ------
        HoldstillError
            The images that were given cannot be read, or do not fit.
        """
        found, why_not = review_known(self, images, axes)
        return self.write_report(path, found, why_not=why_not)

    def write_report(self, path: str | Path, found: Review | None, *, why_not: str = "") -> Path:
        """Write the HTML report of pixels that were looked at already, see `holdstill.result.review`."""
        with replacing(path) as temporary:
            page = report.render(self, found, why_not=why_not)
            Path(temporary).write_text(page, encoding="utf-8", errors="backslashreplace")
        return Path(path)


def load(path: str | Path, *, frame_shape: tuple[int, ...] | None = None, trust: bool = False) -> Registration:
    """Read a result that `Registration.save` wrote, or transforms that `Registration.export` or another program wrote.

    Parameters
    ----------
    path : path
        ``.json``, or one of the formats of `Registration.export`.
    frame_shape : tuple of int, optional
        Shape ``([z,] y, x)`` of a frame, which only our own JSON holds.
    trust : bool
        Read our own JSON even if it claims more than 400 MB of memory.

    Raises
    ------
    FileError
        The file is not such a result, or of a newer schema.

    Warns
    -----
    UserWarning
        The result was changed after it was written; its numbers are taken as they stand.
    """
    if not any(str(path).lower().endswith(suffix) for suffix in exchange.FORMATS):
        return Registration(**files.decode(path, trust=trust))
    found = exchange.read(Path(path), frame_shape)
    verdicts = exchange.read_verdicts(Path(path)) or ()
    return Registration.of_trajectory(found, verdicts, provenance={"loaded from": str(path)})
