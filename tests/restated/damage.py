"""Damage the restated documents as the crawled originals are damaged, and write the embedded corpus.

Usage: python tests/restated/damage.py [OUT]        (OUT: data/raw of the project unless given)

Writes OUT/<name>.txt, OUT/corpus.csv and OUT/originals.sha256: the same bytes each time. Each document gets the damage
of the one that it restates; what the page put around the text is written anew. Two kinds happen to the bytes:

slip      the lead byte of a character is orphaned and shown as "?", and the text is read one byte late until a trail
          byte below 0x80 ends it; a full-width question mark that arises is stored as "?"
straddle  an annotator looks for the two GBK bytes of a character without regard to borders, and finds them across two
          characters. The "(" that it writes behind them is taken for the trail of the lead byte before it and both
          become "?", after which the text is read one byte late as above. If the "&" of an entity ends that, the
          entity stays half decoded; if the bracket of another annotation does, two annotations stand in one character
"""

import csv
import hashlib
import json
import random
import re
import sys
from collections import namedtuple
from functools import partial
from pathlib import Path

import opencc
from pypinyin import pinyin

HERE = Path(__file__).resolve().parent
SEED = 20
LONGEST = 12  # characters; a run that goes on for longer is put elsewhere
SHORTEST = 3  # characters out of step; fewer look like a single lost character

COLUMNS = ["file", "city", "province", "date", "title", "publisher", "sha256", "genre", "speaker", "edition"]
# City, province, date, title, publisher, genre and speaker of each document, as the manifest states them.
DOCUMENTS = """\
朝阳|辽宁省|2014||朝阳市委组织部|experience report|市委组织部
阳江|广东省|2018-08-09|强化“五大举措”夯实基层战斗堡垒|阳江日报|news feature|记者
盐城|江苏省|2023-08|激活末端党建动能，引领基层一线发展|《党建研究》2023年第8期|journal essay|市委常委、组织部长
随州|湖北省|2014-12-29|县市区党(工)委书记述职报告|随州日报|work reports|县市区委书记
合肥|安徽省|2016|||news feature|记者
"""
ORIGINALS = """\
# SHA-256 of the five crawled documents that the embedded corpus restates. They are not part of the project:
# a file with one of these sums is known as an original (edition: original), the files here as restated.
303d8579409b3a5d847000c98d380019a8eed4432085d7c0d9c756560919b20d  朝阳
4a402f1c8c8239ca9ea2b13bcd47d139ecce5338f9cedb92daecb2f22e78deda  阳江
c673a05bcbd5853c6228c5e3015801a438797d1eeabd247415efbeebe9674560  盐城
4acf874f9a1ebbfe22623c216c91a521f3688ca9aa43cf59dc54c5b2a4084da4  随州
4f3bc1ce0446d58a751d9924bf7e4e136d224fa3b22b63c8364f533d62aa5e60  合肥
"""

# What the converter of the originals writes where OpenCC's s2t writes another form: it took the common form of a
# variant, and left alone what may come from several characters.
CONVERTER = str.maketrans(
    "着佔爲衆羣裏於後幹乾採並纔藉佈閒覈鍊範繫鬥紮築雲恆瞭願託衝",
    "著占為眾群里于后干干采并才借布閑核煉范系斗扎筑云恒了愿托沖",
)
HALF_WIDTH = str.maketrans("，：（）；", ",:();")
ENTITIES = {"“": b"&ldquo;", "”": b"&rdquo;"}
INDENT = "\u3000\u3000"

PLACES = """\
桐乡市 彭泽县 灌云县 青冈县 仁怀市 广饶县 隆尧县 弥勒市 永嘉县 枝江市 富平县 梅河口市 海阳市 大埔县 \
东台市 古蔺县 灵宝市 连州市 昌黎县 岳西县 龙海市 平果市 临夏县 察右前旗 靖江市 临沭县 双牌县 阿图什市 \
楚雄市 绥棱县 黄骅市 剑川县 建德市 沁源县 安福县 五指山市 竹溪县 仙居县 玉门市 民权县 吐鲁番市"""

Run = namedtuple(
    "Run", "shown text kind found"
)  # what stands in the file, what stood there, what happened, what was annotated


# -- bytes -------------------------------------------------------------------------------------------------------------


def gbk(text):
    return text.encode("gbk")


def read_pair(pair):
    """What a reader of GB18030 makes of a lead byte and what follows it: a character, or "?" for both."""
    if len(pair) == 2 and pair[1] >= 0x40:
        try:
            return pair.decode("gb18030")
        except UnicodeDecodeError:
            pass
    return "?"


def read(data, borders):
    """Read bytes out of step until they are in step again, at one of the offsets in `borders`.

    Returns what is shown, that offset, the last bytes that were read and all that were; None if it never happens.
    """
    shown, pairs, at = "", [], 0
    while at < len(data):
        step = 1 if data[at] < 0x80 else 2
        pair = data[at : at + step]
        shown += chr(data[at]) if step == 1 else read_pair(pair)
        pairs.append(pair)
        at += step
        if at in borders:
            return shown, at, pair, pairs
    return None


def plain(pairs):
    """Whether pairs read out of step come back as they are: no blanks, no full-width ASCII but "？", no code that
    readers of GB18030 differ about (private use beyond the user areas).
    """

    def kept(pair):
        shown = read_pair(pair)
        return shown not in "?\u3000" and (pair[0] != 0xA3 or shown == "？") and not "\ue766" <= shown <= "\uf8ff"

    return all(len(pair) == 1 or kept(pair) for pair in pairs)


def slip(text, at):
    """Orphan the lead byte of text[at]: the run and its length in characters, or None where it would not end well."""
    window = text[at : at + LONGEST + 1]
    if not all(ord(c) > 0x7F for c in window):
        return None
    data, borders = gbk(window), set(range(2, 2 * len(window), 2))
    # An orphaned lead byte is gone: reading starts at its trail, which is offset 1 of the data and 0 of what is read.
    result = read(data[1:], {b - 1 for b in borders})
    if result is None or len(result[2]) == 2 or not plain(result[3]):
        return None
    shown, used, _, pairs = result
    taken = (used + 1) // 2
    if not SHORTEST <= taken <= LONGEST:
        return None
    kind = "slip with ？" if b"\xa3\xbf" in pairs else "slip"
    return Run("?" + shown.replace("？", "?"), window[:taken], kind, ""), taken


def straddle(text, at, readings, double=False):
    """Annotate the pair of bytes between text[at] and text[at + 1]: the run and its length, or None as in `slip`.

    With `double`, text[at + 1] is annotated too, after which nothing is left to be read out of step.
    """
    window = text[at : at + LONGEST + 1]
    if len(window) < 2 or any(c in ENTITIES or ord(c) < 0x80 for c in window[:2]):
        return None
    first, second = gbk(window[0]), gbk(window[1])
    found = read_pair(first[1:] + second[:1]) if first[1] >= 0x80 else "?"
    if found not in readings or found in window or (double and window[1] not in readings):
        return None
    # The orphaned lead byte and the "(" are one pair; the rest of the annotation is in step; second[1:] is not.
    lost, annotation = read_pair(second[:1] + b"("), readings[found][1:]
    data, borders, ends = second[1:], set(), {}
    if double:
        data += gbk(readings[window[1]])
        borders, ends = {2}, {len(data): 2}
    else:
        for taken, c in enumerate(window[2:], 3):
            borders.add(len(data))
            if c in ENTITIES:
                borders |= set(range(len(data) + 1, len(data) + len(ENTITIES[c])))
            data += ENTITIES.get(c) or gbk(c)
            ends[len(data)] = taken
    result = read(data, borders)
    if result is None:
        return None
    shown, used, last, pairs = result
    end = min(e for e in ends if e >= used)
    # What ends the run is an ASCII byte by itself, or the "(" or "&" that an orphaned byte takes with it.
    kind = "two annotations" if double else "straddle into an entity" if last[1:] == b"&" else "straddle"
    if (
        not plain(pairs[:-1])
        or (len(last) == 2 and last[1:] != (b"(" if double else b"&"))
        or (double and len(last) == 1)
    ):
        return None
    if not double and not SHORTEST < ends[end] <= LONGEST:
        return None
    shown = shown.replace("？", "?") + data[used:end].decode("gb18030")
    return Run(window[0] + lost + annotation + shown, window[: ends[end]], kind, found + window[1] * double), ends[end]


# -- text --------------------------------------------------------------------------------------------------------------


SIMPLIFIED_TO_TRADITIONAL = opencc.OpenCC("s2t").convert
TRADITIONAL_TO_SIMPLIFIED = opencc.OpenCC("t2s").convert


def traditional(text):
    return SIMPLIFIED_TO_TRADITIONAL(text).translate(CONVERTER)


def pinyin_of(texts):
    """The pinyin in brackets of each character that the conversion changed; how many distinct characters there are."""
    distinct = sorted({c for t in texts for c in t if "\u4e00" <= c <= "\u9fff"})
    return {c: f"({pinyin(c)[0][0]})" for c in distinct if TRADITIONAL_TO_SIMPLIFIED(c) != c}, len(distinct)


def annotations(texts, runs, rng):
    """One in six of the distinct characters with their pinyin: those of the runs, and none else that is in a run."""
    readings, distinct = pinyin_of(texts)
    found = {c for run in runs for c in run.found}
    inside = {c for run in runs for c in run.text}
    others = sorted(set(readings) - found - inside)
    return {c: readings[c] for c in sorted(found) + rng.sample(others, round(distinct / 6) - len(found))}


def annotate(text, table):
    return "".join(c + table.get(c, "") for c in text)


def runs_of(paragraphs, texts, wanted, rng):
    """A run for each of the searches and kinds wanted, each in a paragraph of its own and from a character of its own.

    Returns {paragraph: (offset, run, length)}.
    """
    chosen, found = {}, set()
    for search, kind in wanted:
        fit = [
            (p, (at, *run))
            for p, text in enumerate(texts)
            if paragraphs[p]["kind"] == "body" and p not in chosen
            for at in range(len(text) - 1)
            if (run := search(text, at)) and run[0].kind == kind and not found & set(run[0].found)
        ]
        p, run = rng.choice(fit)
        chosen[p] = run
        found |= set(run[1].found)
    return chosen


def with_runs(texts, chosen, table):
    """The paragraphs with their runs, annotated outside of them."""
    out = []
    for p, text in enumerate(texts):
        if p in chosen:
            at, run, taken = chosen[p]
            out.append(annotate(text[:at], table) + run.shown + annotate(text[at + taken :], table))
        else:
            out.append(annotate(text, table))
    return out


# -- documents ---------------------------------------------------------------------------------------------------------


def chaoyang(paragraphs, rng):
    texts = [traditional(p["text"]) for p in paragraphs]
    chosen = runs_of(paragraphs, texts, [(slip, "slip with ？"), (slip, "slip")], rng)
    runs = [run for _, run, _ in chosen.values()]
    lines = with_runs(texts, chosen, annotations(texts, runs, rng))
    return "\n".join(line.translate(HALF_WIDTH) for line in lines) + "endprint", runs


def yancheng(paragraphs, rng):
    texts = [traditional(p["text"]) for p in paragraphs]
    readings, _ = pinyin_of(texts)
    one, two = partial(straddle, readings=readings), partial(straddle, readings=readings, double=True)
    wanted = [(one, "straddle into an entity"), (one, "straddle"), (two, "two annotations")]
    chosen = runs_of(paragraphs, texts, wanted, rng)
    runs = [run for _, run, _ in chosen.values()]
    table = annotations(texts, runs, rng)
    lines = with_runs(texts, chosen, table)
    lines = [INDENT + x if p["kind"] in ("body", "heading") else x for p, x in zip(paragraphs, lines, strict=True)]
    (title, author, source), rest = lines[:3], lines[3:]

    def page(line):
        return annotate(traditional(line), table)

    bar = "\n".join(map(page, ["收听本文 00:00/00:00", "党员之家 打印 纠错", "微信扫一扫 ×"]))
    head = [page("手机版"), page("可用手机打开本页"), "1 1 1", title, author, bar, source]
    spam = PLACES.replace(" ", "| ") + "|"
    return "\n\n".join([*head, *rest, spam]), runs


def yangjiang(paragraphs, rng):
    kicker, headline, dateline, *rest = [p["text"] for p in paragraphs]
    head = [kicker, f"{headline}\n{dateline}", kicker, kicker, headline]
    tail = ["\n展开阅读全文", "专题推广", "网友评论", "更多>>", "喜欢这篇报道，可按右上角的按钮转给好友\n知道了"]
    return "\n\n".join([*head, *rest, *tail]), []


def suizhou(paragraphs, rng):
    texts = [p["text"] for p in paragraphs]
    quotes = [(n, m.start()) for n, t in enumerate(texts) for m in re.finditer("(?<=[\u4e00-\u9fff，。])“", t)]
    for n, at in sorted(rng.sample(quotes, 7), reverse=True):
        texts[n] = f"{texts[n][:at]} {texts[n][at:]}"
    end = len(texts)
    while paragraphs[end - 1]["kind"] == "byline":
        end -= 1
    body = f"\n\n\u00a0\n\n{INDENT}".join(texts[1:end])
    foot = [
        "    打印本页 | 关闭窗口",
        "    相关阅读:\n",
        "    联系我们 | 关于本站 | 投稿信箱 | 免责声明 | 广告刊例 | 网站地图",
        "    © 2014 楚风拾穗网 本页内容未经同意请勿转载 版权所有",
        "    网站备案编号:鄂ICP备00000020号 视听许可:0000000 值班电话:0722-0000000",
    ]
    return "\n".join([texts[0], f"分享\n\n{INDENT}{body}\n", *texts[end:], *foot]), []


def hefei(paragraphs, rng):
    texts = [p["text"].replace("’", "\\’") for p in paragraphs]
    tail = """\
新闻推荐
日前，翡翠湖畔的旧书市集开张，摊主大多是附近几所高校的学生。细雨没有挡住读者，傍晚收摊时，带来的旧书卖掉了大半。\
主办的几家书店商定，入冬以前每逢双休日都来摆摊...
合肥消息，说身边的人，讲街坊的事。清早一杯茶，这里陪您把庐州看个仔细。"""
    return "\n".join([*texts, tail]), []


MAKERS = {"朝阳": chaoyang, "阳江": yangjiang, "盐城": yancheng, "随州": suizhou, "合肥": hefei}


def damage_with_runs(name, paragraphs, seed=SEED):
    """The damaged document and its slipped runs, in the order in which they were placed."""
    return MAKERS[name](paragraphs, random.Random(f"{seed} {name}"))


def damage(name, paragraphs, seed=SEED):
    """The restated document, a list of paragraphs as in <name>.clean.jsonl, as a crawler would have found it."""
    return damage_with_runs(name, paragraphs, seed)[0]


def clean(name):
    """The paragraphs of <name>.clean.jsonl."""
    return [json.loads(line) for line in (HERE / f"{name}.clean.jsonl").read_text(encoding="utf-8").splitlines()]


def main(out=None):
    out = Path(out) if out else HERE.parents[1] / "data" / "raw"
    out.mkdir(parents=True, exist_ok=True)
    rows = []
    for name, province, date, title, publisher, genre, speaker in (d.split("|") for d in DOCUMENTS.splitlines()):
        text, runs = damage_with_runs(name, clean(name))
        data = text.encode("utf-8")
        file, digest = f"{name}.txt", hashlib.sha256(data).hexdigest()
        (out / file).write_bytes(data)
        rows.append([file, name, province, date, title, publisher, digest, genre, speaker, "restated"])
        readings = re.findall(r"[\u4e00-\u9fff]\([a-zà-ǜ]+\)", text)
        print(f"{file}: {len(data)} bytes, {len(readings)} annotations, {len(runs)} runs")
        for run in runs:
            print(f"    {run.shown} <- {run.text} ({run.kind})")
    with (out / "corpus.csv").open("w", newline="", encoding="utf-8") as f:
        csv.writer(f, lineterminator="\n").writerows([COLUMNS, *rows])
    (out / "originals.sha256").write_text(ORIGINALS, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main(*sys.argv[1:2])
