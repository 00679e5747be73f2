"""Tables of invented documents, built once for the tests of results."""

import matplotlib as mpl

mpl.use("Agg")

import matplotlib.pyplot as plt
import pytest
from crosscity.study.opening import open_study
from crosscity.tables import build

SIDES = ("东边", "西边", "南边", "北边", "岛上", "岸上", "湾里", "桥头", "村口", "城外")
DOINGS = ("回来了", "出海了", "停泊着", "靠岸了", "装满了", "修补好", "等着风", "挂起帆", "卸了货", "过了冬")
HARBOUR = [f"{side}的渔港很热闹，渔船{doing}。" for side, doing in zip(SIDES, DOINGS, strict=True)]
TEA = [f"{side}的茶山发了芽，茶农{doing}。" for side, doing in zip(SIDES, DOINGS, strict=True)]
ROADS = [f"{side}的老街铺了石板，书屋{doing}。" for side, doing in zip(SIDES, DOINGS, strict=True)][:5]
SHARED = "灯塔的守夜人每天傍晚点亮油灯，把镜片擦了又擦，照着远处归来的船，直到天色发白才回家睡觉。"
HARBOUR_TOWN = [
    "一、渔港", *HARBOUR, SHARED, "二、不足",
    "存在的问题是灯塔不够亮，工作不到位。", "究其原因是责任没有压实。", "泊位由10个增加到15个，增长80%。",
]  # fmt: skip
TEA_TOWN = ["一、茶山", *TEA, "深入实施“头雁工程”，培训村党组织书记120名。", "茶园由10个增加到15个，增长50%。"]
QUIET_TOWN = [*TEA[5:], *ROADS, SHARED, "深入实施“头雁工程”，党委书记是第一责任人。"]
CITIES = {"甲": ("盐城", HARBOUR_TOWN), "乙": ("合肥", TEA_TOWN), "丙": ("随州", QUIET_TOWN)}


@pytest.fixture(autouse=True)
def close():
    yield
    plt.close("all")


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """A function that builds the tables of documents: of doc_id, the corpus's other columns and lines."""

    def tables(documents, columns):
        folder = tmp_path_factory.mktemp("raw")
        rows = [f"file,{columns}"]
        for doc_id, (about, lines) in documents.items():
            (folder / f"{doc_id}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
            rows.append(f"{doc_id}.txt,{about}")
        (folder / "corpus.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
        build(folder, out := tmp_path_factory.mktemp("tables"))
        return out

    return tables


@pytest.fixture(scope="session")
def of_towns(built):
    return built(CITIES, "city")


@pytest.fixture(scope="session")
def of_reports(built):
    """Ten work reports of two provinces, and the growth that each had and aims at."""
    documents = {}
    for i, side in enumerate("甲乙丙丁戊己庚辛壬癸"):
        said = [
            f"{side}城市2024年政府工作报告",
            f"2023年，全市地区生产总值增长{4 + i % 3}%。",
            "2024年预期目标是：地区生产总值增长6%左右。" if i else "2024年继续努力。",
        ]
        documents[f"{side}城"] = (f"{side}城,{'江苏' if i < 5 else '安徽'},2024", said)
    return built(documents, "city,province,year")


@pytest.fixture(scope="session")
def of_one(built):
    return built({"甲": CITIES["甲"]}, "city")


@pytest.fixture(scope="session")
def of_a_silent_one(built):
    return built({**CITIES, "丁": ("阳江", ["2014"])}, "city")


@pytest.fixture
def asked(tmp_path):
    """A function that opens a study of tables."""

    def study(tables, **parameters):
        given = {"by": "city", "min_df": 2, "template": 0.0, "draws": 50, "permutations": 199} | parameters
        return open_study(tables=str(tables), out=str(tmp_path / "out"), **given)

    return study
