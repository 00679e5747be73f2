"""Place names: expected values from the map and from the official figures, not from the file."""

import hashlib
from collections import Counter
from zipfile import ZipFile

import jieba
import pytest
import renew_places
from crosscity import CrosscityError
from crosscity.documents.places import administrative_units, local_names, place_names, prefectures, short_form
from crosscity.words.tokens import Tokenizer


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer()


def words_in(line):
    return set(line.split())


def names_at(prefix, today=True):
    """Names of the counties of a prefecture, or of a municipality."""
    counties = [u for u in administrative_units() if u.code.startswith(prefix) and not u.code.endswith("00")]
    return {u.name for u in counties if not (today and u.until)}


def test_the_counties_of_some_cities():
    assert names_at("4213") == {"曾都区", "随县", "广水市"}
    assert names_at("3401") == words_in("瑶海区 庐阳区 蜀山区 包河区 长丰县 肥东县 肥西县 庐江县 巢湖市")
    assert names_at("4601") == {"秀英区", "龙华区", "琼山区", "美兰区"}
    assert len(names_at("11")) == len(names_at("31")) == len(names_at("12")) == 16
    assert names_at("4419") == names_at("4420") == set()  # 东莞 and 中山 have none


def test_how_many_there_are():
    """31 provinces; 333 prefectures since 2018; 2,843 to 2,846 counties at the end of 2021 to 2024, and the file is of
    2026: a few founded or merged since (两江新区 for two districts) make no more than three up or down."""
    today = [u.code for u in administrative_units() if not u.until]
    level = Counter("province" if c.endswith("0000") else "prefecture" if c.endswith("00") else "county" for c in today)
    assert level["province"] == 31
    assert level["prefecture"] == 333
    assert 2840 <= level["county"] <= 2849


def test_rows_are_sorted_and_none_twice_and_none_is_a_heading():
    keys = [(u.code, u.name) for u in administrative_units()]
    assert keys == sorted(set(keys))
    assert len({u.code for u in administrative_units() if not u.until}) == sum(
        not u.until for u in administrative_units()
    )  # a code, one name today
    assert all(len(u.code) == 6 and u.code.isdigit() and u.code < "71" for u in administrative_units())
    assert all(u.name[-1] in "省市县区旗州盟" and len(u.name) > 1 for u in administrative_units())
    assert not {u.name for u in administrative_units()} & {"市辖区", "直辖县", "省直辖县级行政区划"}


@pytest.mark.parametrize(
    ("code", "name", "until", "now"),
    [
        ("420600", "襄樊市", 2009, "襄阳市"),  # renamed in December 2010
        ("330183", "富阳市", 2013, "富阳区"),  # a district of 杭州 since December 2014
        ("110228", "密云县", 2014, "密云区"),  # of 北京, since November 2015
        ("310108", "闸北区", 2014, "静安区"),  # merged in November 2015
        ("341402", "居巢区", 2010, "巢湖市"),  # with its prefecture, in August 2011
        ("340225", "无为县", 2018, "无为市"),  # in December 2019
    ],
)
def test_former_units_have_their_last_year(code, name, until, now):
    found = {u.code: u.until for u in administrative_units() if u.name == name}
    assert found[code] == until
    assert all(found.values())  # under no code today
    assert any(u.name == now and not u.until for u in administrative_units())


def test_a_unit_whose_code_alone_changed_is_still_there():
    """庐江 moved from 巢湖 to 合肥 in 2011: gone under the old code, there under the new one."""
    assert {(u.code, u.until) for u in administrative_units() if u.name == "庐江县"} == {
        ("341421", 2010),
        ("340124", 0),
    }


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("曾都区", "曾都"),
        ("随县", "随"),
        ("内蒙古自治区", "内蒙古"),
        ("新疆维吾尔自治区", "新疆"),
        ("恩施土家族苗族自治州", "恩施"),
        ("伊犁哈萨克自治州", "伊犁"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("东乡族自治县", "东乡"),
        ("龙胜各族自治县", "龙胜"),
        ("和布克赛尔蒙古自治县", "和布克赛尔"),
        ("管城回族区", "管城"),
        ("大兴安岭地区", "大兴安岭"),
        ("锡林郭勒盟", "锡林郭勒"),
        ("科尔沁左翼中旗", "科尔沁"),
        ("神农架林区", "神农架"),
        ("万柏林区", "万柏林"),
        ("浦东新区", "浦东"),
        ("清新区", "清新"),
        ("六枝特区", "六枝"),
        ("市中区", "市中"),
        ("津市市", "津市"),
        ("合肥", "合肥"),
        ("通州", "通州"),
    ],
)
def test_short_forms(name, short):
    assert short_form(name) == short


def test_prefectures_by_province():
    assert prefectures()["海南"] == ("海口", "三亚", "三沙", "儋州")
    assert prefectures()["宁夏"] == ("银川", "石嘴山", "吴忠", "固原", "中卫")
    assert {"恩施", "随州", "武汉"} < set(prefectures()["湖北"])
    assert len(prefectures()["湖北"]) == 13  # 天门, 仙桃, 潜江 and 神农架 are counties without a prefecture
    assert list(prefectures())[-4:] == ["北京", "天津", "上海", "重庆"]
    assert prefectures()["重庆"] == ("重庆",)


def test_the_list_of_prefectures_is_the_one_that_was_checked():
    """As of 2024, when it was compared with a list written by hand; prefectures come and go once in years."""
    text = "\n".join(" ".join([home, *below]) for home, below in prefectures().items())
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "ec3440a88374c08a"


def test_names_of_a_city():
    assert local_names(["随州"]) == words_in("湖北 湖北省 随州 随州市 曾都 曾都区 随县 广水 广水市")
    assert local_names(["随州市"]) == local_names(["随州"])
    found = local_names(["合肥"])
    assert {"合肥市", "庐阳", "庐阳区", "巢湖市", "巢湖", "肥东县", "肥东", "安徽省", "安徽"} <= found
    assert not {"随州", "广水", "芜湖", "肥", "市"} & found


@pytest.mark.parametrize("name", ["凉山", "凉山州", "凉山彝族自治州"])
def test_an_autonomous_prefecture_by_any_of_its_names(name):
    found = local_names([name])
    assert {"凉山", "凉山州", "凉山彝族自治州", "西昌", "西昌市", "木里藏族自治县", "四川", "四川省"} <= found
    assert not {"恩施", "凉"} & found


def test_a_municipality_has_its_districts():
    assert {"北京", "北京市", "海淀区", "海淀", "密云县", "密云区", "宣武区"} <= local_names(["北京"])
    assert {"万州区", "江北区", "綦江县"} <= local_names(["重庆"])  # 江北 was merged in 2025, 綦江 a county until 2011


def test_former_counties_and_former_names_count():
    assert {"富阳市", "富阳区", "下城区", "拱墅区"} <= local_names(["杭州"])
    assert {"襄樊市", "襄樊", "襄阳市"} <= local_names(["襄阳"])


def test_a_county_given_as_a_city():
    assert local_names(["天门"]) == {"天门", "天门市", "湖北", "湖北省"}
    assert local_names(["昆山"]) == {"昆山", "昆山市", "苏州", "苏州市", "江苏", "江苏省"}
    # 朝阳 is a prefecture of 辽宁 before it is a district of 北京 or 长春.
    assert "辽宁" in local_names(["朝阳"])
    assert not {"北京", "长春", "吉林"} & local_names(["朝阳"])
    # 吉林 is a city and a province, 海南 a prefecture of 青海 and a province: given as cities, cities.
    assert {"吉林市", "吉林省", "蛟河"} <= local_names(["吉林"])
    assert {"青海", "共和县"} <= local_names(["海南"])
    assert "海口" not in local_names(["海南"])


def test_a_name_of_several_cities_counts_only_where_it_is_given():
    assert "鼓楼区" in local_names(["南京"])
    assert "鼓楼区" in local_names(["开封"])
    assert "鼓楼区" not in local_names(["合肥"])


def test_what_is_an_ordinary_word_or_another_place_is_left_alone():
    """By every one of the rules: the full name is there, the short form is not."""
    assert "惠民县" in local_names(["滨州"])
    assert "惠民" not in local_names(["滨州"])  # jieba takes it for a person's name, and reports for what it is
    assert "大方县" in local_names(["毕节"])
    assert "大方" not in local_names(["毕节"])  # generous: jieba's tag, though reports hardly say so
    assert "河北区" in local_names(["天津"])
    assert "河北" not in local_names(["天津"])  # a province
    assert "朝阳" not in local_names(["北京"])  # a prefecture
    assert "织金" in local_names(["毕节"])  # tagged as no name, but rare
    assert not {"城区", "郊区", "矿区"} & local_names(["阳泉", "晋城", "长治", "汕尾"])


def test_provinces_give_their_own_names_only():
    assert local_names([], ["湖北"]) == local_names([], ["湖北省"]) == {"湖北", "湖北省"}
    assert local_names((), ("广西壮族自治区",)) == {"广西", "广西壮族自治区"}
    assert local_names(["随州"], ["湖南"]) == local_names(["随州"]) | {"湖南", "湖南省"}


def test_names_in_no_list_and_no_names():
    assert local_names(["渔港市"]) == {"渔港", "渔港市"}
    assert local_names([], ["渔省"]) == {"渔省"}
    assert local_names([""], [""]) == local_names([]) == frozenset()


@pytest.mark.parametrize("wrong", [("合肥", ()), (["合肥"], "安徽")])
def test_a_name_where_a_list_belongs(wrong):
    with pytest.raises(CrosscityError, match=wrong[1] or wrong[0]):
        local_names(*wrong)


def test_every_full_name_comes_out_whole(tokenizer):
    """Of 3,400 names, but for those that are left out as words and three that jieba has and cuts all the same."""
    cut = {u.name for u in administrative_units() if tokenizer.words(u.name) != [u.name]}
    as_words = words_in(
        "三山区 三沙市 上城区 下城区 万山区 中山区 双城区 名山区 平城区 望城区 水城区 满城区 金林区 铜山区 阿城区"
    )
    assert cut == as_words | {"项城市", "古县", "高县", "江南区"}


def test_place_names_are_what_jieba_lacks(tokenizer):
    names = place_names()
    assert list(names) == sorted(set(names))
    plain = jieba.Tokenizer()
    assert [name for name in names if plain.lcut(name, HMM=False) == [name]] == []
    assert [name for name in names if tokenizer.words(name) != [name]] == []
    assert {"随县", "埇桥区", "七星关", "康巴什区"} <= set(names)
    assert not {"曾都", "庐阳", "湖北省"} & set(names)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("中共随县县委", ["中共", "随县", "县委"]),
        ("七星关获评", ["七星关", "获评"]),
        ("示范县创建", ["示范县", "创建"]),  # not 范县
        ("推进南昌都市圈", ["推进", "南昌", "都市圈"]),  # not 昌都市
        ("新增城区绿地", ["新增", "城区", "绿地"]),  # not 增城区
        ("提高县域水平", ["提高", "县域", "水平"]),  # not 高县
        ("合作市场", ["合作", "市场"]),  # not 合作市
        ("万山区群众", ["万", "山区", "群众"]),
        ("项城市运行", ["项", "城市", "运行"]),
    ],
)
def test_words_that_overlap_a_name_stay_whole(tokenizer, text, words):
    assert tokenizer.words(text) == words


def test_only_packages_under_a_permissive_licence_are_taken(tmp_path):
    wheels = {}
    for licence in ("MIT", "GPL-3.0"):
        with ZipFile(tmp_path / licence, "w") as wheel:
            wheel.writestr("a.dist-info/METADATA", f"Name: places\r\nVersion: 1.2\r\nLicense: {licence}\r\n\r\nMIT\r\n")
        wheels[licence] = ZipFile(tmp_path / licence)
    assert renew_places._about(wheels["MIT"]) == "places 1.2, MIT"
    with pytest.raises(SystemExit, match=r"GPL-3\.0"):
        renew_places._about(wheels["GPL-3.0"])


def test_a_city_s_by_names_are_its_names_and_no_other_s():
    assert "蓉城" in local_names(["成都"])
    assert "蓉城" in local_names(["成都市"])
    assert "蓉城" not in local_names(["绵阳"])
