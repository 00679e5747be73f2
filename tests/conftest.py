"""What several tests need."""

import os
import shutil
from pathlib import Path

import pytest

# As make sets them, for whoever calls pytest: threads of the arithmetic that wait for a core another has are ten times
# as slow as one. Before numpy is imported, and for all processes that tests start.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

PROJECT = Path(__file__).resolve().parents[1]
SHARED = PROJECT.parent / "shared"
collect_ignore = ["guard"]  # it is for processes that tests start: here its name is the system's
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# First, the longest before the others, one file a worker; the rest fills up.
LONG = ("real_corpora", "jupyterlab", "pipeline", "deposit", "tokens", "cluster", "recovered", "words_in_pictures")
LONG += ("interruption",)
CORPORA = ("five-cities", "city-reports-2024", "province-reports-2026", "national-reports")


def pytest_collection_modifyitems(items):
    order = {f"test_{name}.py": i for i, name in enumerate(LONG)}
    items.sort(key=lambda item: order.get(item.path.name, len(LONG)))


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


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, driven by playwright, which brings none of its own; skips where one of them is absent."""
    if not CHROMIUM:
        pytest.skip("no chromium is on the PATH: pages were read by a parser alone")
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with sync_api.sync_playwright() as driver:
        # Containers have no sandbox, and little shared memory.
        arguments = ["--no-sandbox", "--disable-dev-shm-usage"]
        try:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=arguments)
        except sync_api.Error as error:
            pytest.skip(f"{CHROMIUM} does not start here: {str(error).splitlines()[0]}")
        yield browser
        browser.close()


@pytest.fixture
def violations(chromium):
    """A function: what axe-core says of the pages of a folder that is serious or critical, by page."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is not installed").Axe()

    def found(paths, **page):
        tab = chromium.new_page(**page)
        told = {}
        for path in paths:
            tab.goto(path.as_uri())
            rules = axe.run(tab, options={"resultTypes": ["violations"]}).response["violations"]
            bad = [r for r in rules if r["impact"] in ("serious", "critical")]
            if bad:
                told[path.name] = [(r["id"], r["nodes"][0]["html"][:200]) for r in bad]
        tab.close()
        return told

    return found
