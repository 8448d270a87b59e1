"""Transforms in the files of others, there and back."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import holdstill as hs
from holdstill.contracts import Covariance
from holdstill.errors import FileError, FileInTheWay, HoldstillError, InputError, MissingFile
from holdstill.result.exchange import FORMATS
from holdstill.result.registration import Registration
from holdstill.transforms.motions import CHAINED, MOTIONS, find_motion
from holdstill.transforms.motions.dense import DenseMotion
from holdstill.transforms.trajectory import Trajectory

# displacements are written only
READ_BACK = [suffix for suffix in FORMATS if suffix not in (".mha", ".zarr")]
SHAPES = {2: (60, 80), 3: (9, 40, 50)}
POINTS = {2: np.array([[0.0, 0], [13, 71], [50, 4]]), 3: np.array([[0.0, 0, 0], [3, 30, 7], [8, 1, 44]])}


def make(motion: str, ndim: int = 2, n: int = 3) -> Registration:
    family, shape = find_motion(motion), SHAPES[ndim]
    names = family.names(ndim)
    spread = np.array([3.0 if "shift" in name else 1e-4 if "per_px" in name else 0.05 for name in names])
    parameters = family.identity(ndim) + np.random.default_rng(1).normal(size=(n, len(names))) * spread
    return Registration.of_trajectory(
        Trajectory(family, parameters, shape), covariance=Covariance.of_errors(np.ones_like(parameters)),
        corner_errors=np.ones(n), scores=np.ones(n),
    )  # fmt: skip


def holds(motion: str, suffix: str) -> bool:
    return suffix in (".csv", ".npz") or motion != "projective"


@pytest.mark.parametrize("suffix", READ_BACK)
@pytest.mark.parametrize(("motion", "ndim"), [(motion, ndim) for motion in CHAINED for ndim in MOTIONS[motion].ndims])
def test_there_and_back(motion: str, ndim: int, suffix: str, tmp_path: Path) -> None:
    reg = make(motion, ndim)
    if not holds(motion, suffix):
        with pytest.raises(InputError, match="no projective"):
            reg.export(tmp_path / f"drift{suffix}")
        return
    paths = reg.export(tmp_path / f"drift{suffix}")
    assert sorted(paths) == sorted(tmp_path.iterdir())
    back = [hs.load(path, frame_shape=SHAPES[ndim]) for path in paths]
    assert {one.motion for one in back} == {motion}
    transforms = [transform for one in back for transform in one]
    for found, true in zip(transforms, reg, strict=True):
        np.testing.assert_allclose(found.map(POINTS[ndim]), true.map(POINTS[ndim]), atol=1e-9)
    assert back[0].ok.all()
    assert np.isnan(back[0].errors).all()


@pytest.mark.parametrize("motion", ["translation", "rigid", "affine"])
@pytest.mark.parametrize("ndim", [2, 3])
def test_itk_itself_reads_it(motion: str, ndim: int, tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    reg = make(motion, ndim)
    for path, transform in zip(reg.export(tmp_path / "drift.tfm"), reg, strict=True):
        theirs = sitk.ReadTransform(str(path))
        for point in POINTS[ndim]:
            there = np.array(theirs.TransformPoint(point[::-1].tolist()))[::-1]
            np.testing.assert_allclose(there, transform.map(point[None])[0], atol=1e-9)


def test_what_itk_writes_is_read(tmp_path: Path) -> None:
    sitk = pytest.importorskip("SimpleITK")
    shift, turn = sitk.TranslationTransform(2, (5.0, 3.0)), sitk.AffineTransform(2)
    turn.SetCenter((40.0, 30.0))
    turn.Rotate(0, 1, 0.1)
    for theirs, motion in ((shift, "translation"), (turn, "rigid")):
        sitk.WriteTransform(theirs, str(tmp_path / "t.tfm"))
        reg = hs.load(tmp_path / "t.tfm", frame_shape=(60, 80))
        assert reg.motion == motion
        there = theirs.TransformPoint((10.0, 20.0))
        np.testing.assert_allclose(reg[0].map([[20.0, 10.0]])[0], there[::-1], atol=1e-9)


def test_matrices_work_where_they_belong(tmp_path: Path) -> None:
    cv2, warp = pytest.importorskip("cv2"), pytest.importorskip("skimage.transform").warp
    image = np.random.default_rng(0).random((60, 80)).cumsum(0).cumsum(1).astype(np.float32) % 50
    reg = make("affine")
    arrays = np.load(reg.export(tmp_path / "drift.npz")[0])
    expected = reg.apply(np.stack([image] * 3), interpolation="linear")[1]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    theirs = {
        "skimage": warp(image, arrays["skimage"][1], order=1, preserve_range=True),
        "opencv": cv2.warpAffine(image, arrays["opencv"][1], (80, 60), flags=flags),
    }
    for still in theirs.values():
        np.testing.assert_allclose(still[12:-12, 12:-12], expected[12:-12, 12:-12], atol=3)


def test_the_table_beside_a_result_is_read(tmp_path: Path) -> None:
    reg = make("rigid")
    reg.to_csv(tmp_path / "drift.csv")
    back = hs.load(tmp_path / "drift.csv", frame_shape=reg.frame_shape)
    np.testing.assert_allclose(back.parameters, reg.parameters, rtol=1e-6)


def test_bilinear_is_told_by_its_coefficients_alone(tmp_path: Path) -> None:
    reg = make("bilinear")
    back = hs.load(reg.export(tmp_path / "drift.csv")[0], frame_shape=(60, 80))
    np.testing.assert_array_equal(back.parameters, reg.parameters)
    for suffix in (".npz", ".tfm", ".ngff.json"):
        with pytest.raises(InputError, match=r"bilinear transforms have none; save them as \.json"):
            reg.export(tmp_path / f"drift{suffix}")


@pytest.mark.parametrize("suffix", READ_BACK)
@pytest.mark.parametrize(
    "content",
    [b"", b"frame,time\n0,1\n", b"{}", b'{"ome": {"coordinateTransformations": [1]}}', b"\xff\x00PK", b"PK\x03\x04"],
)
def test_what_is_no_transform(suffix: str, content: bytes, tmp_path: Path) -> None:
    path = tmp_path / f"drift{suffix}"
    path.write_bytes(content)
    with pytest.raises(FileError, match="drift"):
        hs.load(path, frame_shape=(60, 80))


@given(content=st.recursive(
    st.none() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["ome", "coordinateTransformations", "type", "affine", "output"]), inner, max_size=4
    ), max_leaves=12,
))  # fmt: skip
def test_fuzzed_ngff(content: object, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "fuzz.ngff.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(HoldstillError):
        hs.load(path, frame_shape=(60, 80))


def test_other_errors(tmp_path: Path) -> None:
    reg = make("affine")
    path = reg.export(tmp_path / "drift.npz")[0]
    with pytest.raises(InputError, match="pass frame_shape"):
        hs.load(path)
    with pytest.raises(InputError, match="need \\(T, 4, 4\\)"):
        hs.load(path, frame_shape=(3, 60, 80))
    with pytest.raises(MissingFile, match="no such file"):
        hs.load(tmp_path / "other.npz", frame_shape=(60, 80))
    with pytest.raises(FileError, match=r"known are \.csv, \.npz, \.tfm, \.ngff\.json, \.mha, \.zarr and \.json"):
        reg.export(tmp_path / "drift.xml")
    mirrored = np.diag([1.0, -1.0, 1.0])[None]
    with pytest.raises(InputError, match="mirrored"):
        Trajectory.of_matrices(mirrored, (60, 80))


def test_displacements_resample_in_itk_as_here(tmp_path: Path) -> None:
    itk = pytest.importorskip("SimpleITK")
    shape = (40, 52)
    motion = find_motion("dense:5x6", shape)
    assert isinstance(motion, DenseMotion)
    rng = np.random.default_rng(3)
    parameters = motion.read(np.array([[1.5, 1, 0.1, -2, -0.1, 1]]), rng.normal(0, 1.5, (1, 2, 5, 6)))
    found = hs.Registration.of_trajectory(Trajectory(motion, parameters, shape))
    [path] = found.export(tmp_path / "field.mha")
    assert [one.name for one in tmp_path.iterdir()] == ["field.mha"]
    field = itk.DisplacementFieldTransform(itk.ReadImage(str(path), itk.sitkVectorFloat64))
    for y, x in ((3, 4), (20, 31), (39, 51)):
        assert np.allclose(field.TransformPoint((x, y))[::-1], found[0].map([[y, x]])[0], atol=1e-4)
    with pytest.raises(FileError, match=r"field.mha: holds displacements"):
        hs.load(path, frame_shape=shape)


def test_what_a_format_cannot_hold_is_told_with_the_file(tmp_path: Path) -> None:
    shape = (40, 52)
    motion = find_motion("dense:5x6", shape)
    found = hs.Registration.of_trajectory(Trajectory(motion, np.zeros((1, motion.count_parameters(2))), shape))
    for name in ("a.csv", "a.npz", "a.tfm", "a.ngff.json"):
        with pytest.raises(InputError, match=name):
            found.export(tmp_path / name)


def test_arrays_beside_the_json_of_others_are_not_replaced(tmp_path: Path) -> None:
    found = hs.Registration.from_shifts(np.zeros((2, 2)), (32, 32))
    (tmp_path / "drift.json").write_text('{"somebody": "else"}')
    (tmp_path / "drift.fields.npz").write_bytes(b"theirs")
    with pytest.raises(FileInTheWay, match="no part of a result"):
        found.save(tmp_path / "drift.json")
    assert (tmp_path / "drift.fields.npz").read_bytes() == b"theirs"
