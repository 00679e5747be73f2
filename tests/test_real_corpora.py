"""`make` on each of the real corpora, where they stand beside the checkout."""

import json

from test_pipeline import make, runs_in


def test_real_corpus(real_corpus, tmp_path):
    parameters = tmp_path / "p.yaml"
    # What takes minutes is no matter here.
    light = "max_profiles: 0\nks: [5, 8]\nk: 8\nresamples: 3\nrefits: 5\ndraws: 50\npermutations: 199\n"
    light += "specifications: 8\nsplits: 20\n"
    parameters.write_text(light, encoding="utf-8")
    out = tmp_path / "out"
    status, output = make("-j2", f"CORPUS={real_corpus}", f"OUT={out}", f"PARAMS={parameters}")
    assert status == 0, output
    assert len(runs_in(output)) == 8
    assert "MissingGlyphWarning" not in output
    by = {
        "five-cities": "city",
        "city-reports-2024": "city",
        "province-reports-2026": "province",
        "national-reports": "year",
    }
    found = json.loads((out / "reports" / "04-compare" / "findings.json").read_text(encoding="utf-8"))
    assert found["by"] == by[real_corpus.name]
    assert (out / "reports" / "index.html").is_file()
