"""From documents to a report on each of the real corpora, where they stand beside the checkout.

In one process each: that make runs kernels, and what it runs again, test_pipeline.py holds, and that each notebook
imports what it needs, nbval.
"""

import json
import re
import subprocess
import sys

from conftest import PROJECT
from test_pipeline import runs_in

# What takes minutes is no matter here.
LIGHT = """
max_profiles: 0
ks: [5, 8]
k: 8
resamples: 3
refits: 5
draws: 50
permutations: 199
specifications: 8
splits: 20
"""
BY = {
    "five-cities": "city",
    "city-reports-2024": "city",
    "province-reports-2026": "province",
    "national-reports": "year",
}


def test_real_corpus(real_corpus, tmp_path):
    parameters, out = tmp_path / "p.yaml", tmp_path / "out"
    parameters.write_text(LIGHT, encoding="utf-8")
    script = PROJECT / "tests" / "in_one_process.py"
    command = [sys.executable, str(script), str(real_corpus), str(out), str(parameters)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(runs_in(done.stdout)) == 9
    for run in runs_in(done.stdout):
        folder = out / "reports" / run
        found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        assert found["by"] == BY[real_corpus.name]
        assert found["findings"]
        assert all((folder / f"{name}{kind}").stat().st_size for name in found["figures"] for kind in (".svg", ".png"))
        assert re.search(r"<h1\b", (folder / "notebook.html").read_text(encoding="utf-8"))
    assert (out / "reports" / "index.html").is_file()
