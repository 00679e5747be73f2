"""How near items come to those of coded documents: python bench/items.py CODED... [-v]

CODED are files as bench/weights.py takes them, whose quantities have an item, or a list of items that are right. Prints
the mean overlap (Dice of characters) in all and by genre; with -v also the items that have less than half in common.
A growth rate is one whether it is coded as 增速, 增幅 or 增长率, a share as 比重 or 占比, and a term as 时限 or 期限.
"""

import json
import sys
from collections import defaultdict
from pathlib import Path
from statistics import mean

from crosscity.facts.fields import is_on_party_building
from crosscity.facts.quantities import quantities
from genres import overlap
from weights import as_list, coded_documents

SAME = (("增速", "增长率"), ("增幅", "增长率"), ("比重", "占比"), ("时限", "期限"))
BAD = 0.5


def same_items(items):
    """The items, and those that say the same in the library's words."""
    return [*items, *(item.removesuffix(a) + b for item in items for a, b in SAME if item.endswith(a))]


def coded_items(path):
    """Of each coded quantity: genre, the text around it, the item found, and those that are right."""
    lines = path.read_text(encoding="utf-8").splitlines()
    for line, document in zip(lines, coded_documents(path), strict=True):
        metadata, rows = document.metadata, document.rows
        texts = [row["text"] for row in rows]
        found = quantities(
            rows,
            metadata["year"],
            metadata["city"] or metadata["province"],
            metadata["date"],
            document.genre,
            names_place=is_on_party_building(texts),
        )
        bodies = [row["paragraph"] for row in rows if row["kind"] == "body"]
        for coded in json.loads(line).get("quantities", ()):
            if not coded.get("item"):
                continue
            paragraph, start = bodies[coded["row"]], coded["start"]
            end = start + len(str(coded["number"]))
            for q in found:
                if q["paragraph"] == paragraph and q["start"] < end and q["end"] > start:
                    text = texts[paragraph - 1]
                    around = (
                        f"{text[max(0, start - 40) : q['start']]}[{text[q['start'] : q['end']]}]{text[q['end'] :][:20]}"
                    )
                    yield document.genre, around, q["item"], as_list(coded["item"])
                    break


def main():
    """Measure and print."""
    by_genre, bad = defaultdict(list), []
    for path in (Path(argument) for argument in sys.argv[1:] if argument != "-v"):
        for genre, around, item, coded in coded_items(path):
            share = max(overlap(item, right) for right in same_items(coded))
            by_genre[genre].append(share)
            if share < BAD:
                bad.append((f"{share:.2f}", genre, around, item, *coded))
    shares = [share for of_genre in by_genre.values() for share in of_genre]
    print(f"item: {mean(shares):.3f} ({len(shares)})")
    for genre, of_genre in sorted(by_genre.items()):
        print(f"item: {genre}: {mean(of_genre):.3f} ({len(of_genre)})")
    if "-v" in sys.argv:
        for row in bad:
            print(*row, sep=" | ")


if __name__ == "__main__":
    main()
