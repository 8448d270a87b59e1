"""Which tests share a process, and which are begun first: a file is one unit, so that what it shares is made once.

The marks of pytest-xdist are not used: they reach it through an attribute that pytest has had no more since 9.2, and
each test was dealt out on its own, to two Sparks and two compilers of the same kernels.
"""

from typing import Any

from xdist.scheduler.loadscope import LoadScopeScheduling

__all__ = ["UnitScheduling", "unit_of"]

# a Spark, a Dask cluster, a browser: one of each, in the process that started it
CLUSTERS = ("cli/test_engines", "engines/test_bad_clusters", "engines/test_clusters", "engines/test_collections",
            "engines/test_engines", "engines/test_killed", "engines/test_records")  # fmt: skip
SPARK_ALONE = "engines/test_records"
BROWSER = ("result/viewer/test_pages", "result/viewer/test_report_page")
# what takes longest comes first, so that the processes end at about the same time
FIRST = ("spark", "devices/test_devices", "dask", "browser", "run/test_resume", "test_benchmarks", "test_docs")


def unit_of(nodeid: str) -> str:
    """The unit of a test, by its address: its file below tests, or the service that it shares with other files."""
    path, _, test = nodeid.replace("\\", "/").partition("::")
    name = path.removeprefix("tests/").removesuffix(".py")
    if name in CLUSTERS:
        return "spark" if name == SPARK_ALONE or "spark" in test.lower() else "dask"
    return "browser" if name in BROWSER else name


class UnitScheduling(LoadScopeScheduling):  # type: ignore[misc]
    """Deals out units, the long ones first."""

    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        first = next((name for name in FIRST if name in self.workqueue), None)
        if first is not None:
            self.workqueue.move_to_end(first, last=False)
        super()._assign_work_unit(node)
