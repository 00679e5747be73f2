"""Write resources/known.tsv anew: fingerprints of national and provincial reports, from corpora of these.

    python tools/renew_known.py FOLDER ...

A row is a place, a year and the checksums of `tables.audit.fingerprint`; no text can be had back from them. Documents
with fewer than twelve checksums (resolutions) are left out: chance would find them.
"""

import sys
from pathlib import Path

import numpy as np
from crosscity.documents.corpus import read_corpus
from crosscity.files import restart_in_utf8
from crosscity.tables.audit import fingerprint
from crosscity.tables.builder import make_tables

FILE = Path(__file__).resolve().parents[1] / "lib/crosscity/tables/resources/known.tsv"
HEADER = """# Documents that turn up in corpora of cities, where they do not belong: place, year, and checksums of
# some of their passages of eight characters, in base 36. Written by tools/renew_known.py.
"""


def main(folders):
    rows = {}
    for folder in folders:
        frames = make_tables(read_corpus(folder)[0], tables=("corpus", "paragraphs"))
        text = frames["paragraphs"].groupby("doc_id")["text"].agg("\n".join)
        for d in frames["corpus"].itertuples():
            sums = fingerprint(text[d.doc_id])
            if len(sums) >= 12 and d.doc_type == "work report":
                name = f"{d.province or 'State Council'} {d.year} work report"
                rows[name] = " ".join(np.base_repr(int(s), 36) for s in sums)
    FILE.write_text(HEADER + "".join(f"{name}\t{sums}\n" for name, sums in sorted(rows.items())), encoding="utf-8")
    print(f"{FILE}: {len(rows)} documents, {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    restart_in_utf8()
    main(sys.argv[1:])
