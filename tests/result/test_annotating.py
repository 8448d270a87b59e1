"""Annotations in files, both ways."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest
import tifffile

import holdstill as hs
from holdstill.cli import run
from holdstill.errors import FileError, FileInTheWay, InputError
from holdstill.io.formats import open_source
from holdstill.result.annotating import move_annotations

SHAPE = (60, 80)
MATRIX = np.array([[0.0, -1, 59], [1, 0, 4], [0, 0, 1]])  # a quarter turn, 4 px to the right
FOUND = hs.Registration.from_matrices([MATRIX], SHAPE)


def test_geojson_there_and_back_by_the_command(tmp_path: Path) -> None:
    FOUND.save(tmp_path / "drift.json")
    drawn = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [30.25, 12.5]}, "properties": {}}
    (tmp_path / "in.geojson").write_text(json.dumps([drawn]))
    there, back = tmp_path / "there.geojson", tmp_path / "back.geojson"
    assert run(["annotations", str(tmp_path / "drift.json"), str(tmp_path / "in.geojson"), str(there)]) == 0
    assert run(["annotations", str(tmp_path / "drift.json"), str(there), str(back), "--to", "frame"]) == 0
    moved = json.loads(there.read_text())["features"][0]["geometry"]["coordinates"]
    np.testing.assert_allclose(FOUND[0].map([[moved[1] - 0.5, moved[0] - 0.5]]), [[12.0, 29.75]])
    np.testing.assert_allclose(json.loads(back.read_text())["features"][0]["geometry"]["coordinates"], [30.25, 12.5])


def test_a_registration_moves_annotations_itself_either_way(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x,y\n10,20\n")
    FOUND.move_annotations(tmp_path / "in.csv", tmp_path / "there.csv")
    FOUND.move_annotations(tmp_path / "there.csv", tmp_path / "back.csv", to="frame")
    texts = [(tmp_path / name).read_text().splitlines()[1].split(",") for name in ("there.csv", "back.csv")]
    there, back = ([float(one) for one in text] for text in texts)
    np.testing.assert_allclose(FOUND[0].map([there[::-1]]), [[20, 10]])
    np.testing.assert_allclose(back, [10, 20])
    with pytest.raises(FileInTheWay):
        FOUND.move_annotations(tmp_path / "in.csv", tmp_path / "back.csv")
    FOUND.move_annotations(tmp_path / "in.csv", tmp_path / "back.csv", overwrite=True)


def test_a_table_without_rows_stays_one(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("x,y,name\n")
    FOUND.move_annotations(tmp_path / "in.csv", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text().split() == ["x,y,name"]


def test_tables_keep_their_other_columns(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("name,X,Y\na,10,20\nb,11,21.5\n")
    move_annotations(FOUND, tmp_path / "in.csv", tmp_path / "out.csv", to="frame")
    with open(tmp_path / "out.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["name"] for row in rows] == ["a", "b"]
    np.testing.assert_allclose([[float(row["X"]), float(row["Y"])] for row in rows], [[24, 49], [25.5, 48]])
    (tmp_path / "bad.csv").write_text("name,X,Y\na,10,20\nb,x,21.5\n")
    with pytest.raises(FileError, match=r"bad.csv: row 2 has no numbers"):
        move_annotations(FOUND, tmp_path / "bad.csv", tmp_path / "out2.csv")


@pytest.mark.parametrize("to", ["reference", "frame"])
def test_labels_keep_their_numbers(tmp_path: Path, to: str) -> None:
    labels = np.zeros(SHAPE, np.uint32)
    labels[20:30, 25:45] = 70_000_001
    labels[35:50, 30:40] = 9
    tifffile.imwrite(tmp_path / "labels.tif", labels)
    move_annotations(FOUND, tmp_path / "labels.tif", tmp_path / "out.ome.tif", to=to)
    with open_source(tmp_path / "out.ome.tif") as source:
        moved = source.read(0, 1)[0, 0]
    assert set(np.unique(moved)) == {0, 9, 70_000_001}
    way = FOUND[0].inverse if to == "reference" else FOUND[0]
    for label in (9, 70_000_001):
        y, x = np.rint(way.map(np.argwhere(labels == label))).astype(int).T
        assert (moved[y, x] == label).all()
        assert (moved == label).sum() == (labels == label).sum()


def test_what_does_not_fit_is_told(tmp_path: Path) -> None:
    tifffile.imwrite(tmp_path / "labels.tif", np.zeros((50, 50), np.uint8))
    with pytest.raises(InputError, match=r"labels.tif: has \(50, 50\) px, what it is moved from \(60, 80\)"):
        move_annotations(FOUND, tmp_path / "labels.tif", tmp_path / "out.ome.tif")
    with pytest.raises(InputError, match="choose one of reference, frame"):
        move_annotations(FOUND, tmp_path / "labels.tif", tmp_path / "out.ome.tif", to="fixed")
    with pytest.raises(InputError, match="no frame 3"):
        move_annotations(FOUND, tmp_path / "labels.tif", tmp_path / "out.ome.tif", frame=3)
    (tmp_path / "a.geojson").write_text('{"type": "Circle"}')
    with pytest.raises(InputError, match=r"a.geojson: there is no geometry 'Circle'"):
        move_annotations(FOUND, tmp_path / "a.geojson", tmp_path / "b.geojson")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.geojson", "labels.tif"]
