"""The dock widget in napari, without a screen: `widget_checks.py` in a process of its own.

Qt, napari and their plugins for pytest stay out of the process of all other tests; see `addopts` in pyproject.toml.
"""

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

CHECKS = Path(__file__).with_name("widget_checks.py")
PLUGINS = ("pytestqt.plugin", "napari.utils._testsupport", "npe2._pytest_plugin")
NEEDED = ("napari", "pytestqt", "PySide6")
LEAST_PASSED = 10


@pytest.mark.slow
def test_the_widget_in_napari() -> None:
    lacking = [name for name in NEEDED if find_spec(name) is None]
    if lacking:
        pytest.skip(f"{', '.join(lacking)} is not installed")
    screen = shutil.which("xvfb-run")
    if sys.platform == "linux" and screen is None:
        pytest.skip("napari draws with OpenGL, and there is no xvfb-run here; Debian: apt-get install xvfb libgl1")
    command = [*([screen, "-a"] if screen else []), sys.executable, "-m", "pytest", "-q", str(CHECKS), "-o", "addopts="]
    # napari and what it stands on warn of each other
    command += ["--import-mode=importlib", "-p", "no:cacheprovider", "-W", "ignore", "--tb=short"]
    for plugin in PLUGINS:
        command += ["-p", plugin]
    settings = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "QT_QPA_PLATFORM": "offscreen", "QT_API": "pyside6"}
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=280, check=False, env={**os.environ, **settings}
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{LEAST_PASSED} passed" in done.stdout
