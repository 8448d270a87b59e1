"""Pairs with landmarks: the table, the measures, other programs, turned copies, and going on."""

import json
import sys
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from holdstill.cli import run
from holdstill.errors import FileInTheWay, HoldstillError, InputError
from holdstill.evaluation.landmarks.cover import read_pairs, write_points
from holdstill.evaluation.landmarks.evaluating import evaluate
from holdstill.evaluation.landmarks.measures import measure_errors, summarise
from holdstill.evaluation.landmarks.methods import Command, read_command
from holdstill.evaluation.landmarks.turning import turn_pair
from holdstill.evaluation.sections import make_sections

PAIR = make_sections((160, 200), moving_shape=(170, 190), angle_deg=40, shift_px=(4, -3), seed=2)
HEAD = ",Target image,Source image,Target landmarks,Source landmarks\n"
COPY = "import shutil, sys; shutil.copy(sys.argv[1], sys.argv[2])"


@pytest.fixture
def table(tmp_path: Path) -> Path:
    for name, image, points in (("he", PAIR.fixed, PAIR.points), ("ck", PAIR.moving, PAIR.moved)):
        (tmp_path / f"{name}.png").write_bytes(imagecodecs.png_encode(image))
        write_points(tmp_path / f"{name}.csv", points)
    path = tmp_path / "pairs.csv"
    path.write_text(HEAD + "0,he.png,ck.png,he.csv,ck.csv\n")
    return path


def test_measures_are_shares_of_the_diagonal() -> None:
    truth = np.zeros((4, 2))
    before = np.array([[3.0, 4], [0, 5], [5, 0], [0, 1]])
    found = np.array([[0.0, 1], [0, 2], [np.nan, 0], [0, 3]])
    told = measure_errors(truth, found, before, 10.0)
    assert (told.median, told.mean, told.largest) == (0.25, 0.275, 0.5)
    assert (told.initial, told.robustness) == (0.5, 0.5)
    both = summarise([told, told], [1.0, 3.0])
    assert (both["median_of_median"], both["mean_of_largest"], both["median_seconds"]) == (0.25, 0.5, 2.0)


def test_pairs_are_read_in_order_of_rows_and_columns(table: Path) -> None:
    [pair] = read_pairs(table)
    np.testing.assert_allclose(pair.fixed_points, PAIR.points, atol=1e-6)
    np.testing.assert_allclose(pair.moving_points, PAIR.moved, atol=1e-6)
    write_points(table.parent / "he.csv", PAIR.points[:50])
    [fewer] = read_pairs(table, common=True)
    np.testing.assert_allclose(fewer.moving_points, PAIR.moved[:50], atol=1e-6)
    assert (pair.fixed_shape, pair.moving_shape, pair.name) == ((160, 200), (170, 190), "he--ck")


def test_tables_of_spreadsheets_are_read(table: Path) -> None:
    table.write_text(table.read_text().replace(",", ";"))
    places = table.parent / "ck.csv"
    places.write_text(places.read_text().replace(",", ";").replace(".", ","))
    (table.parent / "he.csv").write_text((table.parent / "he.csv").read_text().replace(",", "\t"))
    [pair] = read_pairs(table)
    np.testing.assert_allclose(pair.fixed_points, PAIR.points, atol=1e-6)
    np.testing.assert_allclose(pair.moving_points, PAIR.moved, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("ck.csv", ",X,Y\n0,3,4\n", r"row 2: .*60 landmarks.*1"),
        ("ck.csv", ",X,Y\n0,3,4\n1,900,4\n", r"ck.csv: row 3: .*lies outside the image of 190 x 170"),
        ("ck.csv", ",X,Y\n0,3,here\n", r"ck.csv: row 2: .*not numbers"),
        ("ck.csv", ",X,Y\n0,nan,3\n", r"ck.csv: row 2: .*not finite"),
        ("ck.csv", ",a,b\n0,1,3\n", r"no column 'X'"),
        ("pairs.csv", HEAD + "0,he.png,ck.png,he.csv,ck.csv\n1,he.png,none.png,he.csv,ck.csv\n", r"row 3: .*none.png"),
        ("pairs.csv", "a,b\n1,2\n", "no column 'Target image'"),
        ("pairs.csv", HEAD, "has no rows"),
    ],
)
def test_faults_are_told_with_file_and_row(table: Path, name: str, text: str, words: str) -> None:
    (table.parent / name).write_text(text)
    with pytest.raises(HoldstillError, match=words):
        read_pairs(table)


def test_another_program_is_run_measured_and_its_failures_told(table: Path, tmp_path: Path) -> None:
    program = tmp_path / "copy it.py"
    program.write_text(COPY)
    base = f'"{sys.executable}" "{program}"'
    commands = [
        Command(name="right", template=f'{base} "{tmp_path}/he.csv" {{out}} {{fixed}} {{moving}} {{moving_points}}'),
        Command(name="back", template=f'{base} "{tmp_path}/ck.csv" {{out}} {{fixed}} {{moving}} {{fixed_points}}'),
        Command(name="still", template=f"{base} {{moving_points}} {{out}} {{fixed}} {{moving}}"),
        Command(name="crash", template=f"{base} nowhere {{out}} {{fixed}} {{moving}} {{moving_points}}"),
        Command(name="slow", template=f'"{sys.executable}" -c "import time; time.sleep(9)" {{fixed}} {{moving}} '
                "{moving_points} {out}", timeout_s=0.2),
    ]  # fmt: skip
    found = evaluate(table, tmp_path / "out", motions=(), commands=commands)
    by_name = {row.method: row for row in found.rows}
    assert by_name["right"].errors.largest < 1e-6
    assert by_name["back"].errors.largest < 1e-6
    assert by_name["right"].errors.robustness == 1
    assert by_name["still"].errors.median == pytest.approx(by_name["still"].errors.initial)
    assert "exit code 1" in by_name["crash"].status
    assert "FileNotFoundError" in by_name["crash"].status
    assert by_name["slow"].status == "failed: not done after 0.2 s"
    assert by_name["crash"].errors.median == by_name["still"].errors.median
    assert (found.summary["crash"]["failed"], found.summary["right"]["failed"]) == (1, 0)
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<line ") == 4 * 60
    assert "exit code 1" in page


def test_commands_that_lack_a_place_are_refused() -> None:
    for text, words in (
        ("sift {fixed}", "has no name"), ("a=sift {fixed} {moving} {out}", "one of"),
        ("a=sift {fixed} {moving} {out} {moving_points} {speed}", "means nothing"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            read_command(text)
    with pytest.raises(InputError, match="seconds above zero"):
        read_command("a=sift {fixed} {moving} {out} {moving_points}", 0)


def test_landmarks_go_with_turned_copies(table: Path, tmp_path: Path) -> None:
    [pair] = read_pairs(table)
    for number in (1, 2):
        turned = turn_pair(pair, tmp_path, number, flips=True)
        there = imagecodecs.png_decode(turned.moving.read_bytes()).astype(float).mean(axis=-1)
        here = PAIR.moving.astype(float).mean(axis=-1)
        values = [
            image[tuple(np.rint(points).astype(int).T)]
            for image, points in ((here, pair.moving_points), (there, turned.moving_points))
        ]
        assert np.corrcoef(values)[0, 1] > 0.9
        steps = np.diff(pair.moving_points, axis=0), np.diff(turned.moving_points, axis=0)
        np.testing.assert_allclose(*(np.linalg.norm(step, axis=1) for step in steps))
        spin = [np.sign(np.linalg.det(step[:2])) for step in steps]
        assert spin[0] * spin[1] == (-1 if number == 2 else 1)


def test_it_goes_on_with_what_was_done_and_replaces_nothing_unasked(
    table: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    first = evaluate(table, out, motions=("rigid",))
    assert first.summary["rigid"]["median_of_median"] < 0.003
    before = (out / "results.csv").read_bytes()
    with pytest.raises(FileInTheWay, match="--resume"):
        evaluate(table, out, motions=("rigid",))
    monkeypatch.setattr("holdstill.evaluation.landmarks.methods.align", None)  # nothing is registered again
    evaluate(table, out, motions=("rigid",), resume=True)
    assert (out / "results.csv").read_bytes() == before
    write_points(table.parent / "ck.csv", PAIR.moved[::-1])
    with pytest.raises(TypeError):
        evaluate(table, out, motions=("rigid",), resume=True)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("keep")
    with pytest.raises(FileInTheWay, match="not made here"):
        evaluate(table, tmp_path / "mine", overwrite=True)


def test_the_command_evaluates(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = table.parent / "out"
    arguments = ["evaluate", str(table), "-o", str(out), "--motion", "rigid", "--turn", "1", "--json"]
    assert run(arguments) == 0
    summary = json.loads(capsys.readouterr().out)["summary"]
    assert summary["rigid"]["pairs"] == 2
    assert summary["rigid"]["failed"] == 0
    assert summary["rigid"]["median_of_median"] < 0.004
    assert run([*arguments[:-1], "--resume"]) == 0
    assert "median" in capsys.readouterr().out


def test_pairs_of_which_none_could_be_registered_exit_with_1(table: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (table.parent / "ck.png").write_bytes(imagecodecs.png_encode(np.full((170, 190, 3), 230, np.uint8)))
    assert run(["evaluate", str(table), "-o", str(table.parent / "out"), "--motion", "rigid"]) == 1
    shown = capsys.readouterr().out
    assert "report" in shown
    assert (table.parent / "out" / "report.html").exists()
