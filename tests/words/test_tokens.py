"""Words: jieba's own, with the domain dictionary, and nothing left behind."""

import logging
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import jieba
import pyarrow as pa
import pytest
from crosscity import CrosscityError
from crosscity.documents.cleaning import clean
from crosscity.documents.corpus import read_corpus
from crosscity.documents.places import place_names
from crosscity.words.tokens import Tokenizer, domain_terms, read_terms, stop_words, unsupported_terms
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import PROJECT

_RESOURCES = PROJECT / "lib" / "crosscity" / "words" / "resources"


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer()


def rows_of_the_file():
    """Rows of the shipped dictionary, read without the library."""
    version, header, *rows = Path(str(_RESOURCES / "dictionary.tsv")).read_text(encoding="utf-8").split("\n")
    assert re.match(r"# version \d{4}\.\d{2}: ", version)
    assert header == "term\tgloss\tsource\treason"
    assert rows.pop() == ""
    return [row.split("\t") for row in rows]


def terms_of_the_file():
    return [row[0] for row in rows_of_the_file()]


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """jieba with its own dictionary and nothing else."""
    jieba.setLogLevel(logging.WARNING)
    other = jieba.Tokenizer()
    other.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    return other


@pytest.fixture(scope="module")
def reference():
    return Tokenizer(engine="jieba")


@pytest.fixture(scope="module")
def independent(tmp_path_factory):
    """jieba, set up by hand with the same terms in a user dictionary."""
    jieba.setLogLevel(logging.WARNING)
    other = jieba.Tokenizer()
    other.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    for term in [*terms_of_the_file(), *place_names()]:
        other.add_word(term)
    return other


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("老师和学生在学校。", ["老师", "和", "学生", "在", "学校"]),
        ("我们今天开会，明天种树！", ["我们", "今天", "开会", "明天", "种树"]),
        ("公路（三条）修好了", ["公路", "三条", "修好", "了"]),
        ("增长3.5%，GDP过千亿", ["增长", "3.5%", "GDP", "过", "千亿"]),
        ("乡村振兴，一网通办。", ["乡村振兴", "一网通办"]),
        ("第一行\n第二行", ["第一行", "第二行"]),
        ("，。！？——……“”《》（） \u3000\n", []),
        ("", []),
    ],
)
def test_words(tokenizer, text, words):
    assert tokenizer.words(text) == words


def test_every_term_of_the_dictionary_is_one_word(tokenizer):
    terms = terms_of_the_file()
    assert domain_terms() == terms
    assert len(terms) == len(set(terms)) > 200
    assert {term: tokenizer.words(term) for term in terms if tokenizer.words(term) != [term]} == {}


def test_every_row_of_the_dictionary_says_what_and_why():
    rows = rows_of_the_file()
    assert [row for row in rows if len(row) != 4 or any(not cell or cell != cell.strip() for cell in row)] == []
    terms = terms_of_the_file()
    assert terms == sorted(set(terms))
    # A term made of Han characters, with at least two: a single character is no term of the counts.
    assert [term for term in terms if not re.fullmatch("[\u3400-\u9fff]{2,}", term)] == []
    assert set(terms) & stop_words() == set()


def test_no_source_is_left_at_usage_without_a_count():
    usage = [row[2] for row in rows_of_the_file() if row[2].startswith("general official usage")]
    counted = r"general official usage \((\d+ of \d+ [a-z -]+(, |\)$))+"
    unseen = "general official usage (in no report of the corpora; a term of party documents)"
    assert [source for source in usage if source != unseen and not re.fullmatch(counted, source)] == []


def test_the_reasons_are_true_of_jieba_alone(plain):
    """What a reason says jieba does to a term, it does: without the domain dictionary, and without its model."""
    why = {2: "falls into single characters", 1: "single characters break off, sense lost"}
    wrong = {}
    for term, _, _, reason in rows_of_the_file():
        pieces = plain.lcut(term, HMM=False)
        single = sum(len(piece) == 1 for piece in pieces)
        kind = 2 if single == len(pieces) else min(single, 1)
        said = f"split by jieba: {'/'.join(pieces)}; {why.get(kind, 'one named thing, pieces are generic')}"
        if len(pieces) < 2 or reason != said:
            wrong[term] = (reason, said)
    assert wrong == {}


def test_every_stop_word_is_one_word_and_stands_once(tokenizer):
    words = read_terms(_RESOURCES / "stopwords.txt")
    assert len(words) == len(set(words))
    assert {word: tokenizer.words(word) for word in words if tokenizer.words(word) != [word]} == {}
    # What a comparison is about is never left out.
    assert set(words) & {"发展", "建设", "党建", "组织", "群众", "干部", "工作", "坚持", "人民", "问题"} == set()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        # Terms that share characters with their neighbours leave them whole.
        ("提质量", ["提", "质量"]),
        ("做强市场主体", ["做强", "市场主体"]),
        ("援企稳岗政策", ["援企稳岗", "政策"]),
        ("全县中小学", ["全县", "中小学"]),
        ("质量强市建设", ["质量", "强市", "建设"]),
        ("防范化解债务风险", ["防范", "化解", "债务", "风险"]),
        ("对台风预警", ["对", "台风", "预警"]),
    ],
)
def test_terms_do_not_swallow_their_neighbours(tokenizer, text, words):
    assert tokenizer.words(text) == words


SENTENCES = [
    "去年秋天，镇里修通了到山上的公路，三个寨子的苹果当天就能运到县城，价钱比往年高了两成。",
    "老支书说，路通以前，果子要靠人背下山，背到集上已经碰坏了一半。",
    "推进乡村振兴，实行一网通办，落实三会一课，村级事务由四议两公开决定。",
    "全县实现地区生产总值345.6亿元，同比增长7.8%，其中工业占42%。",
    "Wi-Fi已经装进12个村，5G基站建成3座（其中1座在山顶）。",
]


@settings(derandomize=True, database=None, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [s for s in SENTENCES if not re.search("[0-9][.%]|[A-Za-z]-", s)]
            ),  # which are one word here
            st.sampled_from(terms_of_the_file()),
            st.text("路树水修种的了一二 a1，。", max_size=8),
        )
    )
)
def test_words_are_those_of_jieba(tokenizer, independent, pieces):
    text = "".join(pieces)
    marks = set("，。！？；：、“”《》（）() .%+#&_-\n")
    expected = [word for word in independent.cut(text, HMM=False) if not set(word) <= marks]
    assert tokenizer.words(text) == expected


CODES = {
    "a substance": ("全年PM2.5平均浓度下降", "PM2.5"),
    "a standard of networks": ("建成5G-A基站", "5G-A"),
    "an aircraft": ("C919大飞机", "C919"),
    "letter and figure": ("3D打印企业", "3D"),
    "years of school": ("K-12学校", "K-12"),
    "a version": ("工业4.0示范", "4.0"),
    "a disease": ("应对COVID-19", "COVID-19"),
    "two letters joined": ("全社会R&D经费", "R&D"),
    "a percentage": ("增长6.5%左右", "6.5%"),
    "a grouped number": ("投资1,200万元", "1,200"),
    "a decimal": ("收入3.2万人", "3.2"),
    "a network": ("升级IPv6网络", "IPv6"),
    "a version with two points": ("升级到3.1.2版", "3.1.2"),
    "an address": ("见www.gov.cn网站", "www.gov.cn"),
    "a code with a line below": ("编号AB_12的地块", "AB_12"),
}


@pytest.fixture(scope="module", params=["rjieba", "jieba", "hmm"])
def segmenter(request):
    return Tokenizer(hmm=True) if request.param == "hmm" else Tokenizer(engine=request.param)


@pytest.mark.parametrize(("text", "code"), CODES.values(), ids=CODES)
def test_a_code_is_one_word(segmenter, text, code):
    assert code in segmenter.words(text)
    assert segmenter.word_lists([text]).to_pylist() == [segmenter.words(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("10-15公里", ["10", "15", "公里"]),
        ("2011-2020年", ["2011", "2020", "年"]),
        ("10-15km", ["10", "15km"]),
        ("1.AI产业", ["1", "AI", "产业"]),
        ("2024-03-05", ["2024", "03", "05"]),
        ("占5%，", ["占", "5%"]),
    ],
)
def test_ranges_and_items_are_no_codes(segmenter, text, words):
    assert segmenter.words(text) == words


# Characters at which the two engines could part: rare and compatibility ones, other scripts, marks that jieba counts as
# parts of words, spaces of every kind.
ODD = "㐀龥龦鿿豈𠀀々〇ⅡⅢ①é“”。，%+#&_.-—…·\t\r\u3000\v\u2028aZ5３Ａかアя한😀‰℃中国人民党建引领一肩挑专精特新公路"


@settings(derandomize=True, database=None, deadline=None, max_examples=400)
@given(st.text(ODD, max_size=40))
def test_both_engines_give_the_same_words(tokenizer, reference, text):
    assert tokenizer.cut(text) == reference.cut(text)
    assert "".join(tokenizer.cut(text)) == text


@settings(derandomize=True, database=None, deadline=None)
@given(st.lists(st.text(ODD.replace("\n", ""), max_size=12), max_size=6))
def test_lists_of_words_are_the_words_of_each_text(tokenizer, texts):
    texts = [text.replace("\r", "") for text in texts]
    lists = tokenizer.word_lists(texts)
    assert lists.type == pa.list_(pa.string())
    assert lists.to_pylist() == [tokenizer.words(text) for text in texts]


def test_both_engines_agree_on_every_real_document(real_corpus, tmp_path):
    """With the shipped dictionary, with a study's own on top, and cut paragraph by paragraph or in one."""
    terms = ["抓党建促", "1+6", "的工作", "三个", "人民群", "党支部书记抓"]
    texts = [cleaned_text(source) for source in read_corpus(real_corpus)[0]]
    for further in ((), terms):
        rjieba, jieba_itself = Tokenizer(further), Tokenizer(further, engine="jieba")
        for text in texts:
            assert rjieba.cut(text) == jieba_itself.cut(text)
    assert rjieba.cut("的工作") == ["的工作"], "the study's dictionary is in use"
    lines = texts[0].split("\n")
    assert rjieba.word_lists(lines).to_pylist() == [jieba_itself.words(line) for line in lines]


def test_both_engines_agree_with_words_that_jieba_has_and_with_terms_that_can_be_none():
    """A study may name words again that jieba has, has and cuts, or can never give."""
    with jieba.Tokenizer().get_dict_file() as file:
        rows = [line.decode("utf-8").split() for line in file]
    common = [word for word, *_ in sorted(rows, key=lambda row: -int(row[1])) if len(word) == 2][:300]
    terms = [*common, "古县", "高县", "江南区", "刘䶮", "の村", "修路、种树", "党建引领", "三个"]
    ours, reference = Tokenizer(terms), Tokenizer(terms, engine="jieba")
    texts = [clean(source.text).text for source in read_corpus(PROJECT / "data" / "raw")[0]]
    for text in [*texts, "古县高县江南区的刘䶮修路、种树", "三个古县人"]:
        assert ours.cut(text) == reference.cut(text)
    rng = random.Random(1)
    for _ in range(2000):
        text = "".join(rng.choices([*terms, "的", "一", "村", "a", "5"], k=6))
        assert ours.cut(text) == reference.cut(text)
    assert unsupported_terms(terms) == ["刘䶮", "の村", "修路、种树"]


def cleaned_text(source):
    """A document as the tables have it, without what others share with it."""
    return clean(source.text).text


def test_an_engine_that_is_none():
    with pytest.raises(CrosscityError, match="there is no tokenizer 'jieba-fast': it is one of rjieba, jieba"):
        Tokenizer(engine="jieba-fast")


def test_rjieba_itself_does_not_learn_our_terms(tokenizer):
    assert tokenizer.words("一肩挑") == ["一肩挑"]
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "import rjieba; from crosscity.words import Tokenizer; t = Tokenizer(); "
            "print(t.words('一肩挑'), rjieba.cut('一肩挑', False))",
        ],
        env={**os.environ, "PYTHONPATH": str(PROJECT / "lib"), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout == "['一肩挑'] ['一', '肩挑']\n"


def test_hmm_is_off_unless_asked_for(tokenizer, independent):
    # A name that no dictionary has: without the model it falls into characters, with it it is a word.
    text = "他叫熊帆舟"
    without = tokenizer.words(text)
    with_model = Tokenizer(hmm=True).words(text)
    assert without == list(independent.cut(text, HMM=False))
    assert with_model == list(independent.cut(text, HMM=True))
    assert without != with_model


def test_jiebas_model_over_rjiebas_words_gives_the_words_of_jieba():
    terms = ["熊帆舟里弄", "4S店群", "AI", "5G", "A+"]
    fast, slow = (Tokenizer(terms, hmm=True, engine=engine) for engine in ("rjieba", "jieba"))
    texts = [
        "他叫熊帆舟，家住熊帆舟里弄。",
        "4S店群里的AI和5g、B超、c1证",
        "的是了",
        "普及5G%的",
        "AI.5%",
        "囧㐀髙é 5%-3.2+a&b#_",
        "",
    ]
    rng = random.Random(1)
    letters = "的是一不了在人有我他这中大来上国和熊帆舟囧髙㐀AaBb01.%-+#&_ \n，。é"
    texts += ["".join(rng.choices(letters, k=rng.randint(1, 25))) for _ in range(2000)]
    for text in texts:
        assert fast.cut(text) == slow.cut(text), text


def test_a_dictionary_of_the_study(tokenizer, tmp_path):
    text = "村里办起晒谷场灯光课堂"
    assert "晒谷场灯光课堂" not in tokenizer.words(text)
    terms = tmp_path / "我的 terms.tsv"
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        terms.write_bytes("# 我们的词\n晒谷场灯光课堂\t一个项目\n\n\t没有词\n苹果路 \n".encode(encoding))
        assert read_terms(terms) == ["晒谷场灯光课堂", "苹果路"]
    assert Tokenizer(terms).words(text) == ["村里", "办起", "晒谷场灯光课堂"]
    # It is a word of that tokenizer, and of no other.
    assert "晒谷场灯光课堂" not in tokenizer.words(text)
    assert "晒谷场灯光课堂" not in jieba.lcut(text, HMM=False)


def test_a_dictionary_that_is_not_there(tmp_path):
    with pytest.raises(CrosscityError, match=r"none.tsv is not there: give the file of terms, one a line"):
        Tokenizer(tmp_path / "none.tsv")


def test_a_dictionary_that_is_no_text(tmp_path):
    (tmp_path / "terms.xlsx").write_bytes(b"PK\x03\x04")
    with pytest.raises(CrosscityError, match=r"terms.xlsx is a zip archive"):
        Tokenizer(tmp_path / "terms.xlsx")


def test_an_empty_dictionary(tmp_path):
    (tmp_path / "terms.txt").write_bytes(b"")
    assert read_terms(tmp_path / "terms.txt") == []


FILES = {
    "traditional": "城鎮新增就業\n鄉村建設員\n",
    "with jieba's frequency and tag": "城镇新增就业 5 n\n乡村建设员 10\n",
    "with a tag alone": "城镇新增就业 nz\n乡村建设员 n\n",
    "with cells": "城镇新增就业\tnew jobs\n乡村建设员\t\n",
    "a table with commas": "城镇新增就业,5,n\n乡村建设员,3,n\n",
    "quoted cells": '"城镇新增就业","5"\n"乡村建设员","3"\n',
    "full-width blanks": "城镇新增就业\u3000\n\u3000乡村建设员\n",
    "twice": "城镇新增就业\n城鎮新增就業\n乡村建设员\n",
}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("text", FILES.values(), ids=FILES)
def test_terms_of_a_file_as_people_have_them(tmp_path, text, encoding, end):
    (tmp_path / "terms.txt").write_bytes(text.replace("\n", end).encode(encoding))
    assert read_terms(tmp_path / "terms.txt") == ["城镇新增就业", "乡村建设员"]
    assert "城镇新增就业" in stop_words(tmp_path / "terms.txt")


def test_terms_of_a_file_in_big5(tmp_path):
    (tmp_path / "terms.txt").write_bytes("城鎮新增就業\n鄉村建設員\n".encode("big5"))
    assert read_terms(tmp_path / "terms.txt") == ["城镇新增就业", "乡村建设员"]


def test_marks_and_codes_are_terms_as_well(tmp_path):
    (tmp_path / "terms.txt").write_text("，\n,\nＰＭ２．５\n5G-A\n", encoding="utf-8")
    assert read_terms(tmp_path / "terms.txt") == ["，", ",", "PM2.5", "5G-A"]


def test_a_term_in_traditional_characters_is_a_word(tokenizer):
    assert Tokenizer(["曬穀場燈光課堂"]).words("村里办起晒谷场灯光课堂") == ["村里", "办起", "晒谷场灯光课堂"]


def test_stop_words(tmp_path):
    shipped = stop_words()
    assert {"的", "了", "和"} <= shipped
    assert not shipped & set(domain_terms())
    extra = tmp_path / "stop.txt"
    extra.write_text("修路\n# 一句\n", encoding="utf-8")
    assert stop_words(extra) == shipped | {"修路"}
    extra.write_text("种树\n", encoding="utf-8")
    assert stop_words(extra) == shipped | {"种树"}, "a list that has changed is read anew"


def test_nothing_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    assert Tokenizer().words("修路") == ["修路"]
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_left_or_said_by_a_fresh_process(tmp_path):
    code = """
from crosscity.words import Tokenizer
for hmm in (False, True):
    print(Tokenizer(hmm=hmm).words("老师在学校"))
"""
    here = str(PROJECT / "lib")
    environment = {
        **os.environ,
        "TMPDIR": str(tmp_path),
        "PYTHONPATH": here,
        "PYTHONWARNINGS": "ignore",
        "PYTHONUTF8": "1",
    }
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout == "['老师', '在', '学校']\n" * 2
    assert done.stderr == ""
    assert list(tmp_path.iterdir()) == []


_RESOURCES = PROJECT / "lib" / "crosscity" / "words" / "resources"


def test_a_cache_that_others_left_is_not_read(tmp_path, monkeypatch):
    """jieba reads its cache with marshal from a folder that everyone can write to."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "jieba.cache").write_bytes(b"not a cache")
    assert Tokenizer().words("老师在学校") == ["老师", "在", "学校"]
    assert (tmp_path / "jieba.cache").read_bytes() == b"not a cache"
