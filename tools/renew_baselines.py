"""Write the counts of large corpora that the library ships (`lib/crosscity/compare/resources/baselines`).

    PYTHONPATH=lib python tools/renew_baselines.py NAME TABLES [NAME TABLES ...]

TABLES is a folder of tables, built without a dictionary of one's own and without hmm. Work reports alone are counted,
each text once, in the order of the corpus: words of the body without stop words and names of the documents' own places.
Run it for city-reports-2024, province-reports-2026 and national-reports after a change of the dictionary, the place
names or the stop words.
"""

import lzma
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from crosscity import open_study
from crosscity.compare.baselines import FOLDER, baseline_text, cut_otherwise, dictionary_version
from crosscity.files import restart_in_utf8
from crosscity.words.matrix import group_matrix


def text_of(tables: Path) -> str:
    """The text of the baseline of a folder of tables."""
    with TemporaryDirectory() as folder:
        only = {"doc_type": "work report"}
        study = open_study(tables=str(tables), out=folder, by="doc_id", only=only, min_df=1)
        paragraphs = study.paragraphs(["body"])
        if words := cut_otherwise(paragraphs["text"], paragraphs["tokens"])[0]:
            sys.exit(f"{tables} was cut by another dictionary ({', '.join(sorted(words)[:5])}): build it again")
        counts, terms = study.counts(paragraphs, apart=True)
    members, _ = group_matrix(paragraphs["doc_id"], sort=False)
    return baseline_text((members @ counts).tocsr(), terms, dictionary_version())


if __name__ == "__main__":
    restart_in_utf8()
    FOLDER.mkdir(exist_ok=True)
    for name, tables in zip(sys.argv[1::2], sys.argv[2::2], strict=True):
        data = lzma.compress(text_of(Path(tables).resolve()).encode(), preset=9 | lzma.PRESET_EXTREME)
        (FOLDER / f"{name}.tsv.xz").write_bytes(data)
        print(f"{name}: {len(data):,} bytes")
