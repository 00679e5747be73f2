"""What a document says of its quantities: whether they are reached, to be reached, in force or added; when; for whom."""

import bisect
import functools
import re

from .numerals import DIGITS
from .places import short_form, units
from .wording import words

_YEAR = re.compile(
    "(?P<year>[12][09]\\d{2}|[一二][九〇零][零〇一二三四五六七八九]{2})年(?!代|级)|(?P<near>去年|上年|前年|今年|本年|明年|目前|截至目前|现有)"
)
_SPAN_OF_YEARS = re.compile(r"-[12]\d{3}年$")
_REFERENCE = re.compile("(?:比|较|与|同|自|从|由|对比|相比|比照|以|的)$")
_SINCE = re.compile("(?:以来|起|开始|相比|的基数|开局|为基|至|-)")
_RELATIVE = {"去年": -1, "上年": -1, "前年": -2, "今年": 0, "本年": 0, "明年": 1}
_MONTH = re.compile(r"\d{4}-(\d{2})")
_CITY = re.compile("[省市县区州盟旗国]$")


@functools.cache
def _patterns():
    w = words()
    some = "[约近超过了达幅度率率为的]{0,4}"
    return {
        "plan": re.compile(w["plan_section"]),
        "past": re.compile(w["past_section"]),
        "problem": re.compile(w["problem_section"]),
        "target": re.compile(f"(?:{w['target']})[^。；]{{0,60}}$"),
        "grown": re.compile(f"(?:{w['rise']}|{w['fall']})(?:了|幅度?|率)?(?:{w['above']}|{w['about']}|{w['atleast']}|{w['atmost']}|为|达)?$"),
        "fallen": re.compile(f"(?:{w['fall']})"),
        "less": re.compile("(?:减少|下降|降低|压减|减|缩短|少)(?:了|近|约|超|超过)?$"),
        "added": re.compile(f"(?:{w['add']})(?![到至为])[^，。；、到至达]{{0,24}}$"),
        "becomes": re.compile(
            f"(?:以上|左右|以下|多)?(?:的[^，。；0-9]{{0,6}})?(?:{w['rise']}|{w['fall']}|发展|变|升|调整)[^，。；0-9]{{0,4}}(?:到|至|为)"
        ),
        "than": re.compile("(?:比|较)[^，。；0-9]{0,14}$"),
        "from": re.compile("(?:由|从|自)[^，。；]{0,24}$"),
    }


def full_name(place):
    """A place as a scope: 朝阳 is 朝阳市, as the list of prefectures has it; a name that ends in what it is stays."""
    if not place or (full := _prefectures().get(place)):
        return full if place else ""
    return place if _CITY.search(place) else f"{place}市"


@functools.cache
def _prefectures():
    return {short_form(u.name): u.name for u in units() if u.code.endswith("00") and not u.until}


@functools.cache
def _counties():
    return frozenset(u.name for u in units() if not u.code.endswith("00") and len(u.name) > 2)


_ENDS = re.compile("[县区市旗]")
_WITHIN = re.compile("[一-龥]{1,5}?(?:镇|乡|街道)(?:[一-龥]{1,6}?社区)?")


def _county(text, begin, end, whole):
    """The one county that a clause names, with the town or village in it; empty where there is none, or several."""
    found = ""
    for m in _ENDS.finditer(text, begin, end):
        for length in (3, 4, 5, 6):
            name = text[max(begin, m.end() - length) : m.end()]
            if len(name) == length and name in _counties() and name != whole:
                if found or text[m.end() : m.end() + 1] in "、和":
                    return ""
                inner = _WITHIN.match(text, m.end(), end)
                found = name + (inner.group() if inner else "")
                break
    return found


class Setting:
    """Where in its document a paragraph stands: what its section is for, and the years that it speaks of."""

    def __init__(self, year, place, date):
        self.year = None if year is None else int(year)
        self.place = full_name(place)
        month = _MONTH.match(date or "")
        self.late = bool(month) and int(month[1]) >= 10
        self.mode, self.unit, self.section_year, self.plan_year, self._section = "", "", None, None, None

    def survey(self, rows, texts):
        """Finds out what year the document plans for: the next where it says so, or was written at a year's end."""
        self.plan_year = self.year
        if self.year is None:
            return
        reviews = any(f"{self.year}年" in section for _, _, section, _, _ in rows)
        if self.late or (not reviews and sum("明年" in text for text in texts) > 0):
            self.plan_year = self.year + 1

    def enter(self, kind, section, unit, text):
        """Takes up the paragraph's section and unit."""
        self.unit = unit or ""
        if section == self._section:
            return
        self._section = section
        find, self.mode, self.section_year = _patterns(), "", None
        for part in (section or "").split(" / "):
            mode = next((name for name in ("problem", "past", "plan") if find[name].search(part)), None)
            if mode == "past" and find["plan"].search(part) and not re.search("回顾|总结", part):
                mode = "plan"
            self.mode = mode or self.mode
            if (year := re.search(r"([12]\d{3})年", part)) and mode:
                self.section_year = int(year[1])
        if self.section_year is None and self.mode == "past" and self.year and re.search("回顾|过去", section):
            self.section_year = self.year - (not self.late)
        if self.mode == "plan" and self.section_year is not None and self.year and self.section_year < self.year:
            self.section_year = None

    @property
    def usual_year(self):
        """The year of what the text dates no closer."""
        if self.mode == "plan":
            return self.section_year or self.plan_year
        return self.section_year or self.year

    @property
    def whole(self):
        return self.unit or self.place


def _mentions(text, setting):
    """(position, year, whether it may stand for what follows) of each year that a text names."""
    out = []
    for m in _YEAR.finditer(text):
        before, after = text[max(0, m.start() - 2) : m.start()], text[m.end() : m.end() + 3]
        if m["near"]:
            base = setting.section_year if setting.mode == "past" and setting.section_year else setting.year
            base = setting.year
            shift = _RELATIVE.get(m["near"])
            year = None if base is None else base + (shift or 0)
        else:
            digits = m["year"]
            year = int(digits) if digits.isdigit() else int("".join(str(DIGITS[c]) for c in digits))
        usable = not _REFERENCE.search(before) and not _SINCE.match(after) and text[m.start() - 1 : m.start()] != "-"
        out.append((m.start(), year, usable, bool(m["near"])))
    return out


_EACH = re.compile("(?<!平均)每(?![年月季周日天到逢次])(?:一)?(?:个|名|位|家|户|所)?([^，。；、0-9一两]{1,10}?)(?=的|都|平均|年|月|至少|不|补|发|给|安|列|落|运|工|党|经|专|补|办|拨|配|有|由|达|面|督|服|[0-9])")
_PER_HEAD = re.compile("([^，。；、0-9]{1,8})(?:人均|户均|村均|平均每)")
_EVERY_YEAR = re.compile("每年|年均|年平均|年度|年报酬|年收入|年工作|年产|年培训|逐年|每人全年|年供|年发|年处理|年接待")
_EVERY_MONTH = re.compile("每月|月均|每人每月|月平均")
_OTHER_PERIOD = re.compile("每季|每周|每日|每天|每半年")
_RUNNING = re.compile("(?:运转|工作|办公|党建|专项|运行|活动)经费")


def _period(text, q, clause_before):
    if (m := re.match("/(?:人?[·./]?)?(年|月)", text[q.end : q.end + 4])):
        return m[1]
    found = ""
    last = -1
    for sign, pattern in (("年", _EVERY_YEAR), ("月", _EVERY_MONTH), ("", _OTHER_PERIOD)):
        for m in pattern.finditer(clause_before):
            if m.start() > last:
                last, found = m.start(), sign
    return found


def judge(text, found, setting):
    """Sets kind, year, period and scope of the quantities of one paragraph."""
    find = _patterns()
    mentions = _mentions(text, setting)
    places = [at for at, *_ in mentions]
    carried, previous = None, None
    first_baseline = None
    for q in found:
        (s, stop), (c, cstop) = q.sentence, q.clause
        start = max(s, q.start - 120)
        sentence, clause = text[start : q.start], text[max(c, start) : q.start]
        after = text[q.end : q.end + 16]
        listed = previous is not None and previous.unit == q.unit and re.fullmatch("(?:以[上下])?[、和与及]", text[previous.end : q.start])
        year, own, later = None, None, None
        here = bisect.bisect(places, q.start)
        for at, value, usable, near in mentions[max(0, here - 6) : here + 3]:
            if s <= at < q.start and usable:
                own = value
            elif q.start <= at < stop and usable and later is None and near:
                later = value
            elif at < s and usable:
                carried = (value, near and value != setting.year)
        said = own if own is not None else later
        year = said
        if year is None and carried is not None and (carried[1] or carried[0] == setting.plan_year != setting.year):
            year = carried[0]
        future = said is not None and setting.year is not None and (said > setting.year)
        plan = setting.mode == "plan"
        aim = future or (plan and not re.search("(?:目前|现有|已有|已经|去年)[^，。；]*$", sentence))
        if not aim and setting.mode not in ("problem", "past") and not (said is not None and setting.year is not None and said < setting.year):
            aim = bool(find["target"].search(sentence)) and "每" not in sentence[-30:]
        q.period = _period(text, q, clause)
        if listed and not q.period:
            q.period = previous.period
        standard = _standard(text, q, clause, sentence, after, setting, said, plan)
        relative = q.cls in ("ratio", "point", "fold")
        run_on = previous is not None and previous.kind == "change" and previous.unit == q.unit and _RUN_ON.fullmatch(text[previous.end : q.start])
        if listed and previous.kind != "baseline":
            q.kind = previous.kind
        elif find["becomes"].match(after) and find["from"].search(clause[-26:]) or (find["than"].search(clause[-18:]) and re.match("的?(?:水平)?(?:增|提|减|下|上|多|高)", after)):
            q.kind = "baseline"
        elif relative and (find["grown"].search(clause) or _is_growth(q, clause) or run_on):
            q.kind = "target" if aim else "change"
        elif not relative and q.cls != "rank" and (find["added"].search(clause) or find["less"].search(clause) or run_on or q.cls == "money" and find["grown"].search(clause)):
            q.kind = "change"
        elif standard or (previous is not None and previous.kind == "standard" and previous.sentence == q.sentence and {q.cls, previous.cls} <= {"money", "ratio"} and not plan):
            q.kind = "standard"
            if previous is not None and previous.kind == "standard" and previous.sentence == q.sentence:
                q.period = q.period or previous.period
        elif aim:
            q.kind = "target"
        else:
            q.kind = "actual"
        if q.kind == "baseline":
            ref = [value for at, value, _, _ in mentions[max(0, here - 6) : here] if s <= at < q.start]
            q.year = ref[-1] if ref else None
            if first_baseline is not None and q.year is None:
                q.year = first_baseline
            first_baseline = q.year
        elif q.kind == "standard":
            q.year = None
        else:
            q.year = year if year is not None else setting.usual_year
            if q.kind == "target" and year is None and re.search("每(?:年|月|季)", clause):
                q.year = None
            if q.kind == "target" and year is not None and setting.year is not None and year < setting.year:
                q.year = setting.usual_year
        if q.kind == "standard" and not q.period and q.cls == "money" and re.search("每", sentence) and _RUNNING.search(clause + after):
            q.period = "年"
        q.scope = _scope(text, q, clause, sentence, setting, listed and previous)
        previous = q
    return found


def _is_growth(q, clause):
    return q.cls == "ratio" and bool(re.search("(?:增速|增长率|增幅|降幅|涨幅)(?:达|为|达到|超|超过|保持在?|稳定在)*$", clause))


_RUN_ON = re.compile("[、和](?!(?:新)?[建改开]|完成|培育|获|实|达|整治|打造|创)[^，。；、]{1,24}")


def _standard(text, q, clause, sentence, after, setting, said, plan):
    """Whether a number is a norm or a threshold in force, rather than what was reached."""
    if q.cls == "ratio" and re.search("(?:按照?|给予)[^，。；]{0,24}$", clause):
        return True
    if re.search("按照?[^，。；]{0,16}$", clause) and re.search("标准|比例|要求|定额", text[q.end : min(q.clause[1], q.end + 24)]):
        return True
    if q.cls == "span" and re.match("以[上下]", after) and not plan and q.unit != "岁":
        return True
    if q.cls == "span" and re.search("对连续$", clause):
        return True
    if q.cls == "money" and re.match("以下[）)]", after):
        return True
    if plan or setting.mode == "problem":
        return False
    if said is not None and re.search("每", clause) is None:
        return False
    if re.search("每(?:年|月|季|季度|周)[^，。；]{0,40}$", clause) and not re.search("(?:已|累计|共|达到|目前)[^，。；]{0,10}$", sentence):
        return True
    return q.cls == "money" and bool(re.search("(?:每[个名位户村家]|每社区|每人(?=[^，。；]*(?:补|奖|发|标准)))[^。；]{0,40}$", sentence))


_THRESHOLD = re.compile("以[上下]的?(村|社区|乡镇|企业|家庭|农户|户)")
_EACH_OF = re.compile("(?:[0-9]+[名个户位])?([^，。；、的0-9]{2,8})人均(?:分别)?(?:新增|增加|补|发|提高)")
_LOCAL = re.compile("(?:村|社区)")


def _scope(text, q, clause, sentence, setting, listed):
    """Whom a quantity is about: the unit or the place, each of its parts, or a county that the clause names."""
    whole, prefix = setting.whole, setting.unit or ""
    if listed and q.item == listed.item:
        return listed.scope
    if (each := _EACH.findall(clause)) and each[-1] != "人":
        noun = re.sub("^(村|社区)(?:级组织|级)", "\\1", each[-1])
        return f"{prefix}每{'名' if prefix and re.search('干部|主职|党员|书记', noun) else ''}{noun}"
    if re.search("村[均平]", clause):
        return f"{prefix}每村"
    if q.cls == "money" and (m := _THRESHOLD.match(text, q.end)):
        return f"{prefix}每{m[1]}"
    if q.cls in ("money", "area") and (m := _LOCAL.match(q.item)) and (
        q.kind in ("standard", "target") and (q.cls == "area" or "每" in sentence)
    ):
        return f"{prefix}每{m.group()}"
    if q.cls == "money" and q.kind == "change" and (m := _EACH_OF.search(clause)):
        return f"{prefix}每名{m[1]}"
    return _county(text, max(q.clause[0], q.start - 60), q.start, whole) or whole
