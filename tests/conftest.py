"""What several tests need."""

from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
collect_ignore = ["guard"]  # it is for processes that tests start: here its name is the system's
CORPORA = ("five-cities", "city-reports-2024", "province-reports-2026", "national-reports")


@pytest.fixture
def project():
    """The checkout."""
    return PROJECT


@pytest.fixture(params=CORPORA)
def real_corpus(request):
    """Each of the real corpora in turn; they are other people's texts and stand beside a checkout, if at all."""
    folder = SHARED / "corpora" / request.param
    if not folder.is_dir():
        pytest.skip(f"{request.param} does not stand beside this checkout (../shared/corpora)")
    return folder
