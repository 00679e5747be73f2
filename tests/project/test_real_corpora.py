"""From documents to a report on each of the real corpora, where they stand beside the checkout.

In one process each: that make runs kernels, and what it runs again, test_pipeline.py holds, and that each notebook
imports what it needs, nbval.
"""

import json
import re
import subprocess
import sys

from crosscity.tables.store import read_table

from tests.conftest import PROJECT
from tests.helpers.chinese import english_left
from tests.project.test_pipeline import runs_in

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
RUNS = {  # compared by, and the language
    "five-cities": ("city", "zh"),
    "city-reports-2024": ("city", "en"),
    "province-reports-2026": ("province", "zh"),
    "national-reports": ("year", "en"),
}


def test_real_corpus(real_corpus, tmp_path):
    parameters, out = tmp_path / "p.yaml", tmp_path / "out"
    by, language = RUNS[real_corpus.name]
    parameters.write_text(f"{LIGHT}language: {language}\n", encoding="utf-8")
    script = PROJECT / "tests" / "helpers" / "in_one_process.py"
    command = [sys.executable, str(script), str(real_corpus), str(out), str(parameters)]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=1800, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(runs_in(done.stdout)) == 9
    doc_ids = sorted(read_table("corpus", out / "processed")["doc_id"], key=len, reverse=True)
    for run in runs_in(done.stdout):
        folder = out / "reports" / run
        found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
        assert found["by"] == by
        assert found["findings"]
        if language == "zh":
            quoted = [*doc_ids, "GDP", "R&D"]  # words that are counted in these documents
            told = re.sub("|".join(map(re.escape, quoted)), "", "\n".join(found["findings"]))
            assert english_left(told) == []
        assert all((folder / f"{name}{kind}").stat().st_size for name in found["figures"] for kind in (".svg", ".png"))
        assert re.search(r"<h1\b", (folder / "notebook.html").read_text(encoding="utf-8"))
    assert (out / "reports" / "index.html").is_file()
