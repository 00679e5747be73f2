"""The pages of docs/studies: what the real studies gave, figures and findings, from their finished reports.

    python bench/studies.py NAME REPORTS [NAME REPORTS ...]

NAME is one of docs/studies/studies.yaml, REPORTS the folder of its report. Results alone: where a finding holds
twelve Chinese characters in a row, as formulas of a genre do, an ellipsis stands for them.
"""

import json
import re
import sys
from pathlib import Path

import yaml
from crosscity.study.claims import Claim, best_claims
from PIL import Image

PROJECT = Path(__file__).resolve().parents[1]
STUDIES = PROJECT / "docs" / "studies"
QUOTED = re.compile("[\u3400-\u9fff]{12,}")
ACROSS = 1200  # dots of a picture


def picture(source, target):
    """A figure as it stands in the report, in fewer dots and colours."""
    with Image.open(source) as whole:
        small = whole.convert("RGB").resize((ACROSS, round(whole.height * ACROSS / whole.width)), Image.LANCZOS)
    small.quantize(128, dither=Image.Dither.NONE).save(target, optimize=True)


def told(reports, run):
    """The findings of a run, without what would quote a document."""
    kept = json.loads((reports / run / "findings.json").read_text(encoding="utf-8"))
    return [QUOTED.sub("…", finding) for finding in (*kept["findings"], *kept.get("preparation", ()))]


def claimed(reports, runs):
    """The claims with which the report begins."""
    kept = (json.loads((reports / run / "findings.json").read_text(encoding="utf-8")) for run in runs)
    claims = [Claim(**claim) for of_run in kept for claim in of_run.get("claims", ())]
    return [QUOTED.sub("…", f"{claim.text} *{claim.caveat}*") for claim in best_claims(claims)]


def page(name, study, reports):
    """The page of one study; its pictures are written beside."""
    manifest = json.loads((reports / "manifest.json").read_text(encoding="utf-8"))
    part = [d for d in manifest["documents"] if not d["left_out"]]
    lines = [f"# {study['title']}", study["about"].strip(), "", "```", study["command"], "```"]
    size = f"{len(part)} documents, {sum(d['n_chars'] for d in part):,} characters"
    out = len(manifest["documents"]) - len(part)
    lines += [
        f"{size}{f'; {out} left out, with reasons in the report' if out else ''}. Compared by {manifest['by']}.",
        "",
    ]
    if manifest["notes"]:
        lines += [f"*{'; '.join(manifest['notes'])}*", ""]
    runs = [run["id"] for run in manifest["runs"] if not run["id"].startswith("05-")]
    lines += ["## In short", *(f"{n}. {claim}" for n, claim in enumerate(claimed(reports, runs), start=1)), ""]
    lines += ["## What it finds"]
    for run, patterns in study["findings"].items():
        findings = told(reports, run)
        for pattern in patterns:
            found = [f for f in findings if re.search(pattern, f)]
            if not found:
                sys.exit(f"{name}: no finding of {run} matches {pattern!r}; there are\n  " + "\n  ".join(findings))
            lines += [line for line in (f"- {finding}" for finding in found[:6]) if line not in lines]
    lines += ["", "## Figures"]
    for figure, how in study["figures"].items():
        about = json.loads((reports / f"{figure}.json").read_text(encoding="utf-8"))
        file = f"{name}-{figure.replace('/', '-')}.png"
        picture(reports / f"{figure}.png", STUDIES / file)
        alt = QUOTED.sub("…", about["alt"]).replace("[", "(").replace("]", ")").replace("\n", " ")
        lines += [f"![{alt}]({file})", "", f"*{about['title']}* (`{figure}`). {how}", ""]
    lines += ["## All findings", ""]
    for run in runs:
        lines += [f"<details><summary>{run}</summary>", ""]
        lines += [f"- {finding}" for finding in told(reports, run)] + ["", "</details>", ""]
    (STUDIES / f"{name}.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def main(given):
    """Write the pages that are asked for."""
    studies = yaml.safe_load((STUDIES / "studies.yaml").read_text(encoding="utf-8"))
    if len(given) < 2 or len(given) % 2 or not set(given[::2]) <= set(studies):
        sys.exit(f"{__doc__}\nstudies: {', '.join(studies)}")
    for name, reports in zip(given[::2], given[1::2], strict=True):
        page(name, studies[name], Path(reports))
        print(f"docs/studies/{name}.md")


if __name__ == "__main__":
    main(sys.argv[1:])
