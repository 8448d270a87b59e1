"""The table in docs/files.md is what happens."""

from pathlib import Path

import pytest


@pytest.mark.filterwarnings("ignore")  # of other packages, told of themselves
def test_the_table_in_the_documentation(tmp_path: Path) -> None:
    from tests.io.matrix import BEGIN, DOCS, END, make_table  # 1.3 s: what reads and writes files beside us

    text = DOCS.read_text(encoding="utf-8")
    assert text.split(BEGIN)[1].split(END)[0].strip() == make_table(tmp_path).strip(), "python -m tests.io.matrix"
