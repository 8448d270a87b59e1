"""Names of what was stained: as text, as values, and from the tables that other programs write."""

from pathlib import Path

import pytest

from holdstill.errors import FileError, InputError, MissingFile
from holdstill.integrity.channels import read_channels

EXPECTED = (("DAPI", "CD3"), ("CD8, clone 2",))


@pytest.mark.parametrize(
    "text",
    [
        'cycle_number,channel_number,marker_name\n1,1,DAPI\n1,2,CD3\n2,3,"CD8, clone 2"\n',
        "\ufeffMarker Name;Cycle\r\nDAPI;1\r\nCD3;1\r\nCD8, clone 2;2\r\n",
        'channel\tcycle\nDAPI\t3\n"CD8, clone 2"\t10\nCD3\t3\n',
    ],
)
def test_tables(text, tmp_path: Path) -> None:
    (tmp_path / "markers.csv").write_bytes(text.encode())
    assert read_channels(tmp_path / "markers.csv", 2) == EXPECTED
    assert read_channels(str(tmp_path / "markers.csv"), 2) == EXPECTED


def test_text_and_values() -> None:
    assert read_channels('DAPI, "CD8, clone 2",', 3) == (("DAPI",), ("CD8, clone 2",), ())
    assert read_channels([["DAPI", "CD3"], "CD8, clone 2"], 2) == EXPECTED


@pytest.mark.parametrize(
    ("content", "error", "match"),
    [
        (b"", FileError, "has the columns none; give a table"),
        (b"a,b\n1,2\n", FileError, "has the columns a, b; give a table"),
        (b"cycle,marker_name\none,DAPI\n", FileError, "line 2: 'one' is not the number of a cycle"),
        (b"cycle,marker_name\n1,DAPI\n", InputError, "names of 1 cycles for 2"),
        (b"\xff\xfe\x00cycle", FileError, "is not text that can be read"),
    ],
)
def test_what_is_not_a_table_of_names_is_told(content, error, match, tmp_path: Path) -> None:
    (tmp_path / "markers.csv").write_bytes(content)
    with pytest.raises(error, match=match):
        read_channels(tmp_path / "markers.csv", 2)
    with pytest.raises(MissingFile, match="no such file; give a table"):
        read_channels(tmp_path / "none.csv", 2)
