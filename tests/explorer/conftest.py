"""What tests of the explorer share: tables of the embedded documents and of the edition, and an explorer of them."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.language import use_language
from crosscity.tables.builder import build

from tests.conftest import PROJECT
from tests.helpers.explorer import open_explorer


@pytest.fixture(autouse=True)
def clean_up():
    yield
    use_language("en")
    plt.close("all")


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """Tables of the embedded documents, and of the edition of the originals without text."""
    root = tmp_path_factory.mktemp("explore")
    build(PROJECT / "data" / "raw", root / "embedded", progress=False)
    build(PROJECT / "data" / "derived" / "five-cities", root / "derived", progress=False)
    return root


@pytest.fixture
def ask(folders, tmp_path):
    return open_explorer(folders / "embedded", tmp_path / "out")
