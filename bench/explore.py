"""How long the explorer's answers take on a corpus: python bench/explore.py TABLES [ROUNDS].

Sixty searches (words, strings, expressions, half of them restricted) and sixty comparisons of pairs: words are from the
commonest of the corpus on, pairs follow one another by name. Wall time, and time of the processor, which others on the
machine do not lengthen as much. Beside the searches, pandas counts the
same strings and expressions on the same column: str.contains and str.count, without lines, groups or restrictions.
Nothing that was kept from an earlier question answers a later one.
"""

import itertools
import re
import sys
import tempfile
import time
import warnings

import numpy as np

PAGE = 15  # rows that the view shows at once
REGEXES = (
    r"[0-9]+(\.[0-9]+)?%",
    "[一-龥]{2}建设",
    "增长.{0,8}%",
    "第[一二三]产业",
    "(全面|持续|深入)推进",
    "“[^”]{2,12}”",
    r"[0-9]+(\.[0-9]+)?[万亿]元",
    "不断.{1,6}提升",
    "20[0-9]{2}年",
    "(党|团)(建|员|委)",
)


def timed(function, *arguments, **named):
    """What a call gives, and its seconds: of the wall, and of the processor."""
    start = np.array([time.perf_counter(), time.process_time()])
    given = function(*arguments, **named)
    return given, np.array([time.perf_counter(), time.process_time()]) - start


def queries(ask):
    """Sixty searches: query, how, restrictions."""
    often = np.bincount(ask.search.token)
    common = [str(ask.search.words[i]) for i in np.argsort(-often, kind="stable") if len(ask.search.words[i]) > 1]
    step = max(1, len(common) // 200)
    words = [*common[:5], *common[5 : 5 + 5 * step : step]]
    choices = ask.search.choices
    limits = [{name: values[:2]} for name, values in choices.items() if len(values) > 1 or name == "groups"]
    plain = [(w, "words") for w in words] + [(w, "string") for w in words] + [(r, "regex") for r in REGEXES]
    restricted = zip(plain, itertools.cycle(limits), strict=False)
    return [(q, how, {}) for q, how in plain] + [(q, how, limit) for (q, how), limit in restricted]


def told(name, seconds):
    """A row: number, then median and 95th percentile in milliseconds, of the wall and of the processor."""
    ms = 1000 * np.array(seconds)
    print(f"{name:<34} {len(ms):>4}", *(f"{x:>8.1f}" for x in np.percentile(ms, [50, 95], axis=0).T.ravel()))


def main(tables, rounds=1):
    """Measure, and print."""
    _, loading = timed(__import__, "crosscity.explorer.views")
    from crosscity import CrosscityError, open_study
    from crosscity.explorer import explore

    with tempfile.TemporaryDirectory() as out:
        study, reading = timed(open_study, notebook="explore", tables=tables, out=out)
        ask, preparing = timed(explore, study)
        _, fitting = timed(ask.topics)
        _, counting = timed(ask.counts)
        steps = {"modules": loading, "open_study": reading, "search": preparing, "topics": fitting, "counts": counting}
        print("start, s (processor):", ", ".join(f"{n} {w:.1f} ({c:.1f})" for n, (w, c) in steps.items()))
        print(f"{'milliseconds':<34} {'n':>4} {'p50':>8} {'p95':>8} {'cpu p50':>8} {'cpu p95':>8}")
        seconds: dict[str, list[np.ndarray]] = {}
        texts = ask.search.table["text"]
        for _ in range(int(rounds)):
            for query, how, limit in queries(ask) if study.has_text else []:
                ask.search._last = (("", ""), None)
                try:
                    rates, one = timed(ask.rates, query, how, **limit)
                    lines, two = timed(ask.lines, query, how, most=300, **limit)
                except CrosscityError as error:  # of a large corpus an expression may take too long
                    print(error)
                    continue
                seconds.setdefault(f"search {how}{', restricted' if limit else ''}", []).append(one + two)
                if how != "words" and not limit:
                    pattern = query if how == "regex" else re.escape(query)
                    with warnings.catch_warnings():
                        warnings.simplefilter("ignore")  # of groups in an expression
                        a = timed(texts.str.contains, pattern)[1]
                        counts, b = timed(texts.str.count, pattern)
                    assert counts.sum() == rates["count"].sum(), query
                    assert len(lines) == min(300, counts.sum()), query
                    seconds.setdefault(f"pandas, the same {how}", []).append(a + b)
            groups = ask.groups()
            pairs = [(groups[i % len(groups)], groups[(i + 1 + i // len(groups)) % len(groups)]) for i in range(60)]
            for a, b in (p for p in pairs if p[0] != p[1]):
                for name in ("shift", "topic_shares", "indicators"):
                    seconds.setdefault(f"compare {name}", []).append(timed(getattr(ask, name), a, b)[1])
            for item in ("", "收入", "增长", "党员"):
                rows, one = timed(
                    ask.stated_rows, item
                )  # as the view does: the rows, and a page of them with sentences
                seconds.setdefault("quantities", []).append(one + timed(ask.with_sentences, rows.head(PAGE))[1])
            for doc_id in study.corpus["doc_id"][:60] if study.has_text else []:
                seconds.setdefault("changes of a document", []).append(timed(ask.changes, doc_id)[1])
        for name, times in seconds.items():
            told(name, times)
        told("all searches", [s for n, times in seconds.items() if n.startswith("search") for s in times])
        told("all comparisons", [s for n, times in seconds.items() if n.startswith("compare") for s in times])


if __name__ == "__main__":
    main(*sys.argv[1:3])
