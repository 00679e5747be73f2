"""Documents and their words for other programs: CSV for R, vertical text for corpus tools, CoNLL-U."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from xml.sax.saxutils import escape

from pypinyin import lazy_pinyin

from ... import CrosscityError
from ...chinese import SENTENCE_ENDS
from ...files import frame_to_csv

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

    import pandas as pd

    from ...study.grouped_corpus import GroupedCorpus

_CLOSING = "”’\"'）)」』》〉】〕"  # marks that stand behind the end of their sentence
_OF_BUILD = (
    "file",
    "exclude",
    "sha256",
    "encoding",
    "script",
    "n_unread",
    "duplicate_of",
    "guessed",
    "not_guessed",
    "group",
)
_OF_PARAGRAPH = ["paragraph", "unit", "voice", "kind", "level", "section"]


class Piece(NamedTuple):
    """A word or another character of a text, and whether white space follows it."""

    form: str
    word: bool
    space: bool


def r_files(grouped: GroupedCorpus) -> dict[str, str]:
    """CSV files that readtext, quanteda, stm and tm take as they are: doc_id, text, and what is known of each.

    A row is a document or a paragraph; texts stand as they are, or, with -words, as the suite cut them, words with
    spaces between, since these programs cut at spaces.
    """
    about = _about(grouped.corpus)
    lines = grouped.voices(grouped.paragraphs()).rename(columns={"group": "voice"})
    words = lines.assign(text=lines["tokens"].map(" ".join))
    files = {}
    for suffix, frame in (("", lines), ("-words", words)):
        whole = frame.groupby("doc_id", sort=False)["text"].agg("\n".join).reset_index()
        files[f"documents{suffix}.csv"] = whole.merge(about, on="doc_id", validate="1:1")
        parts = frame[["doc_id", "text", *_OF_PARAGRAPH]].merge(about, on="doc_id", validate="m:1")
        parts.insert(2, "document", parts["doc_id"])
        parts["doc_id"] = parts["doc_id"] + "#" + parts["paragraph"].astype(str)
        files[f"paragraphs{suffix}.csv"] = parts
    return {name: frame_to_csv(frame) for name, frame in files.items()}


def _about(corpus: pd.DataFrame) -> pd.DataFrame:
    """What is known of each document; a column of its own that has a name of ours gets another."""
    known = corpus.drop(columns=[c for c in (*_OF_BUILD, "group") if c in corpus])
    ours = {"text", "document", *_OF_PARAGRAPH}
    return known.rename(columns={c: f"{c}_of_document" for c in known if c in ours})


def vertical(grouped: GroupedCorpus) -> str:
    """The documents in the vertical format of Sketch Engine and the IMS Open Corpus Workbench.

    A line is a word or a mark, and behind a tab which (w or punct); doc, p and s are structures, with what is known of
    each document as attributes of doc.
    """
    lines = []
    for row, parts in _documents(grouped):
        lines.append(f"<doc{_attributes(row)}>")
        for part, sentences in parts:
            lines.append(f"<p{_attributes({'n': part['paragraph'], **{c: part[c] for c in _OF_PARAGRAPH[1:]}})}>")
            for sentence in sentences:
                marked = (f"{escape(piece.form)}\t{'w' if piece.word else 'punct'}" for piece in sentence)
                lines += ["<s>", *marked, "</s>"]
            lines.append("</p>")
        lines.append("</doc>")
    return "\n".join(lines) + "\n"


def _attributes(row: dict[str, Any]) -> str:
    """Attributes of a structure; their names are plain letters, as both programs want them."""
    names = {c: re.sub("[^a-z0-9_]+", "_", "".join(lazy_pinyin(c)).lower()).strip("_") or "x" for c in row}
    said = {names[c]: "" if v is None or v != v else " ".join(str(v).split()) for c, v in row.items()}
    return "".join(f' {name}="{escape(value, {chr(34): "&quot;"})}"' for name, value in said.items())


def conllu(grouped: GroupedCorpus) -> str:
    """The words and marks of the documents in CoNLL-U: cut into sentences and words, and not parsed.

    Marks are PUNCT; what the suite does not know is _.
    """
    lines = []
    for row, parts in _documents(grouped):
        name = " ".join(row["id"].split())
        lines.append(f"# newdoc id = {name}")
        for part, sentences in parts:
            lines.append(f"# newpar id = {name}-{part['paragraph']}")
            for number, sentence in enumerate(sentences, start=1):
                text = "".join(piece.form + " " * piece.space for piece in sentence).strip()
                lines += [f"# sent_id = {name}-{part['paragraph']}-{number}", f"# text = {text}"]
                for i, piece in enumerate(sentence, start=1):
                    kind, after = "_" if piece.word else "PUNCT", "_" if piece.space else "SpaceAfter=No"
                    lines.append("\t".join([str(i), piece.form, "_", kind, "_", "_", "_", "_", "_", after]))
                lines.append("")
    return "\n".join([*lines, ""])


def _documents(
    grouped: GroupedCorpus,
) -> Iterator[tuple[dict[str, Any], list[tuple[dict[str, Any], list[list[Piece]]]]]]:
    """What is known of each document, and its paragraphs, each with its sentences."""
    about = _about(grouped.corpus).rename(columns={"doc_id": "id"}).set_index("id", drop=False).to_dict("index")
    lines = grouped.voices(grouped.paragraphs()).rename(columns={"group": "voice"})
    for doc_id, part in lines.groupby("doc_id", sort=False):
        rows = part[["text", "tokens", *_OF_PARAGRAPH]].to_dict("records")
        yield about[doc_id], [(row, sentences(pieces(row["text"], row["tokens"]))) for row in rows]


def pieces(text: str, words: Sequence[str]) -> list[Piece]:
    """All of a text but white space, as the words that were cut and single characters between them.

    Raises
    ------
    CrosscityError
        If the words are not the text's.

    Examples
    --------
    >>> [piece.form for piece in pieces("共5个，见 表", ["共", "5", "个", "见", "表"])]
    ['共', '5', '个', '，', '见', '表']
    """
    found: list[Piece] = []
    at = 0
    spans = []
    for word in words:
        start = text.find(word, at)
        if start < 0:
            msg = f"the word {word!r} does not stand in its paragraph ({text[:20]!r}): build the tables again"
            raise CrosscityError(msg)
        spans += [(i, i + 1, False) for i in range(at, start)] + [(start, start + len(word), True)]
        at = start + len(word)
    spans += [(i, i + 1, False) for i in range(at, len(text))]
    for start, end, word in spans:
        form = text[start:end]
        if form.strip():
            found.append(Piece(re.sub(r"\s", "", form), word, False))
        elif found:
            found[-1] = found[-1]._replace(space=True)
    return found


def sentences(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces by sentence; a mark that closes what ended belongs to it."""
    found: list[list[Piece]] = []
    ended = True
    for piece in pieces:
        behind = not piece.word and piece.form in SENTENCE_ENDS + _CLOSING
        if ended and not (behind and found):
            found.append([])
            ended = False
        found[-1].append(piece)
        ended = ended or (not piece.word and piece.form in SENTENCE_ENDS)
    return found
