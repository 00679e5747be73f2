"""The headline of a document, among the lines that a site puts above its text."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ..chinese import HAN, chinese_marks
from .places import administrative_units

if TYPE_CHECKING:
    from collections.abc import Sequence

# Lines of an index that a site shows: 【…引证码】, 信息分类 : 政府文件.
_LABELS = (
    "索引号 信息索引号 文号 发文字号 发文机关 发文机构 发文日期 发布机构 发布日期 发布时间 发布单位 信息分类 信息来源 "
    "公开属性 公开方式 公开范围 公开时限 公开日期 公开类别 公开形式 服务对象 主题分类 主题词 体裁 体裁分类 分类 类别 "
    "公文种类 组配分类 效力状态 有效性 有效期 登记号 关键词 关键字 生成日期 提问时间 答复单位 答复时间 咨询时间 "
    "来信时间 受理单位 留言时间 解读文件 解读单位 解读机构 解读形式 关联阅读"
)
_SET_APART = "|".join("\\s*".join(label) for label in _LABELS.split())  # as a site's cells have them: 索 引 号
_INDEX = re.compile(
    f"【[^【】]*(?:码|号|引|日期|时间|部门|级别|类别|时效|来源|文号)[^【】]*】|ISBN|ISSN|(?:{_SET_APART})\\s*[:：]"
)
_LABELLED = re.compile(
    "^(?:(?:信息|文件|公文)?(?:名\\s*称|标\\s*题))\\s*[:：]\\s*(?=.{6})"
)  # which of them is the title
_NO_TITLE = re.compile(
    "目\\s?录|附\\s?件.{0,4}|附\\s?表.{0,4}|前\\s?言|引\\s?言|摘\\s?要|正\\s?文|[(（].*[)）]|[-—―].*|\\d{4}年.{0,6}工作(?:回顾|总结)|"
    ".*(?:[，。；：:,;]|会议上|各位代表.*)|(?:为|根据|按照|经|现|近年来|近日|当前|我们|我(?![国省市县区州镇乡校])|各位|第[一二三四五六七八九十\\d]+[章节条部]).*|"
    "[一二三四五六七八九十\\d]+[、.．].*|.*\\s\\d{4}年\\d{1,2}月\\d{1,2}日"
)
_PREDICATE = re.compile("(?<![于但还就可总如若凡即只老])是(?!否|非)|，")
# A paper's headline, which may have a comma, above the line that dates it: 一部电梯，十八张签名.
_OF_PRESS = re.compile("(?!\\d)[^。；;]{4,24}(?:，|——)[^。；;：:，]{2,24}(?<![：:])")
_BRACKETS = "(?:[(（][^()（）]{1,16}[)）])*"
_ENDS_TITLE = re.compile(
    "(?:办法|条例|规定|细则|规范|标准|指南|规划|计划|方案|意见|措施|通知|公告|通报|公报|报告|决议|决定|批复|函|纲要|要点|建议|答复|通告|公示|启事|解读|问答|预案|公约|"
    f"清单|目录|说明|讲话|致辞|纪要|要求|政策|体系|守则|章程|规则|导则|白皮书|总结|分解表){_BRACKETS}$"
)
_MAY_GO_ON = re.compile("(?:标准|体系|政策|规划|要求)$")  # 某某标准体系 | 建设指南
_LONGEST_SLOGAN, _DIFFERENCE = 20, 4  # characters of a line of one, and by which its lines differ
_BELOW_SLOGAN = re.compile("——|──|[(（]|.{0,12}\\d{4}年")
_LEAST = 8  # characters of a title in front of the name of its site
_SHORTEST = 6  # characters of a headline that is told within the name of its page
_OF_SITE = re.compile("网|门户|平台|频道|^[-_|—]|[-_|—]$|^(?:范文|全文)$")
# What a site or a paper calls itself, and its page: 甲县政府信息公开-; 甲县人民政府网站--政府信息公开年报.
_SITES = (
    "网|网站|门户|平台|(?:政府|政务|信息)公开|人民政府|日报|晚报|时报|商报|数字报|电子报|简报|信息|动态|通讯|情况交流"
)
_SITE = f"[{HAN}·]{{2,24}}(?:{_SITES})"
_ORGANS = (
    "人民政府|委员会|人大常委会|办公[厅室]|[局厅委]|中心|[大支]队|医院|学校|[中小大]学|学院|"
    "[法检察]院|党组|公司|[协工联合]会"
)
_ORGAN = f"[{HAN}]{{2,16}}(?:{_ORGANS})"
# What names no document: crumbs, channels, pages of a paper, cells of an index, addresses.
_CHROME = re.compile(
    f"[>»]|^\\[\\s?[{HAN}]{{2,6}}\\s?\\]|(?:^|\\s)[A-Z]\\d{{2}}[{HAN}]|第?\\s?[A-Z]?\\d{{1,2}}\\s?版(?:\\s|$)|\\d{{4}}-\\d{{1,2}}-\\d{{1,2}}|"
    f"数字报(?!业)|首页\\s*(?:[>/|-]|$)|https?:|www\\.|^[{HAN}]{{2,8}}(?:\\s?[-–·]\\s?[{HAN}]{{2,8}}){{2,}}$|^(?:办理结果|是否公开|当前栏目)[:：]"
)
_NEVER = re.compile(f"[{HAN}·]{{2,30}}(?:网|网站|门户|平台|日报|晚报|电子报)(?:[·•|_—-]+.{{2,16}})?")
_CONTINUED = re.compile("(?:[和与及暨的、对为在]|工作总结和)$")
_CONTINUES = re.compile("[暨及与的]|和(?!平|谐)|问题的|的几点")
_BEHIND_TITLE = re.compile(f"\\s*[-_|—]+\\s*[{HAN}]{{2,16}}(?:网|网站|人民政府|平台|门户|频道|数字报|日报|[局委])$")
_IN_INDEX = re.compile("^(?:信息|索引|文件|公开)(?:分类|来源|号|名称)?\\s.*?(?:名\\s*称|标\\s*题)[\\s:：]+(?=.{8})")
_ABOVE = re.compile(
    f"{_SITE}(?:\\s+(?:数字报|电子版?|网络版))?(?:[-_|—]+[^。，]{{2,12}})?|{_ORGAN}|[{HAN}]{{2,20}}文件|"
    # Channels, gazettes and what an office calls all that it issues: 互动交流 / 热点问答; 公报 2010年第4期; 公告 第6号.
    f"{_SITE}[·•][{HAN}]{{2,16}}|[>》»/\\s]+[{HAN}]{{2,10}}|[{HAN}A-Za-z]{{2,10}}(?:\\s*[/>»|]\\s*[{HAN}]{{2,10}})+|[{HAN}]{{2,8}}[报刊网](?:、[{HAN}]{{2,8}}[报刊网]){{0,3}}|"
    ".{0,16}第\\s?\\d+\\s?期.{0,12}|"
    f"[·•].{{2,12}}[·•]|(?:[{HAN}]{{2,6}}[省市县区旗镇乡村]){{1,4}}|(?:[{HAN}]{{0,4}}会议)?纪要|(?:(?!.*关于)[{HAN}]{{0,14}}公告)(?:\\s*第\\s?\\d+\\s?号)?|通知|通告|公示|简报|公报|文件|公告栏|"
    "(?:专项|区域|总体|其他)?规划(?:计划)?|(?:政策|部门|政府|规范性)(?:文件|解读)"
)
_IS_ORGAN = re.compile(_ORGAN)
_CHANNEL = re.compile(f"^(?:[{HAN}]{{2,20}})?[【\\[][{HAN}]{{2,8}}[】\\]]\\s*(?=.{{8}})")
_BEFORE_TITLE = re.compile(
    f"^(?:{_SITE}\\s*[-_|—]+\\s*|[{HAN}]{{2,20}}\\s+(?:通知公告|公告公示|公示公告|政策文件|工作动态|政务动态|信息公开|政务公开)\\s+)(?=.{{8}})"
)
_KICKER = re.compile("[^，。]{6,}(?:强调|指出|要求)$")  # 市委书记调研工业项目时强调 | 以实干打赢开门红
_SPACED = re.compile(f"[{HAN}](?:[ \u3000]+[{HAN}])+(?:[(（].*)?")
_HEAD = 16  # lines
_WIDEST, _MOST_LINES = 60, 4  # characters of a further line of a title, and lines of one


def headline(texts: Sequence[str], kinds: Sequence[str]) -> str:
    """The title of a document, or "" where none of its first lines certainly is one.

    What a site adds (an index, channels, its own name), headings of sections, and the first line of a paragraph that is
    broken over several are none. A title that is broken over lines is joined, and so is its subtitle behind a dash.

    Parameters
    ----------
    texts, kinds : sequence of str
        Its lines, and what each is (`structure.Line.kind`).
    """
    for i, (line, kind) in enumerate(zip(texts[:_HEAD], kinds, strict=False)):
        if _INDEX.match(line):
            continue
        behind = texts[i + 1] if i + 1 < len(texts) else ""
        if kind == "body":
            of_whom = not i and len(line) <= _WIDEST and line.endswith((":", "：")) and _ENDS_TITLE.search(behind)
            return line + behind if of_whom and kinds[1] == "title" else ""  # 某医院： | 采购公告
        text = _IN_INDEX.sub("", _LABELLED.sub("", _without_blanks(line)))
        if "|" in text or "｜" in text:  # 某校 | 校长寄语 | 做一颗会发芽的种子
            cells = re.split("\\s*[|｜]\\s*", text)
            text = max(cells, key=len)
            if len(cells) > 2 and len(text) < _LEAST:
                continue
        more = "title" in kinds[i + 1 : i + _HEAD]
        if not more and _ENDS_TITLE.search(last := re.split("[>»›]", text)[-1].strip()) and len(last) >= _LEAST:
            text = last  # where it stands at the end of the crumbs alone
        text = _BEHIND_TITLE.sub("", text) if len(_BEHIND_TITLE.sub("", text)) >= _LEAST else text
        if (
            _CHROME.search(text)
            or _NEVER.fullmatch(text)
            or (_is_organs(text) and not _joins_organ(texts[i + 1 : i + _MOST_LINES]))
        ):
            continue
        kind_behind = kinds[i + 1] if i + 1 < len(kinds) else ""
        is_above_text = kind_behind == "byline" or (kind_behind == "body" and len(behind) > len(text))
        if kind == "title" and is_above_text and _OF_PRESS.fullmatch(_unquoted(text)):
            return text
        if kind != "title" or _NO_TITLE.fullmatch(text) or _PREDICATE.search(_unquoted(text)):
            continue
        if more and _ABOVE.fullmatch(text) and not _is_organs(text):
            continue
        whole = _whole(text, texts[i + 1 : i + _MOST_LINES], kinds[i + 1 : i + _MOST_LINES])
        if more and whole == text and (_is_page_title(text, behind) or _ABOVE.fullmatch(text)):
            continue
        if whole is None:
            continue
        text = _CHANNEL.sub("", _BEFORE_TITLE.sub("", _IN_INDEX.sub("", whole)))
        if behind.startswith(("——", "──")) and len(behind) <= 2 * _WIDEST and kind_behind == "title":
            return text + behind
        if whole != line or text == behind or (_ENDS_TITLE.search(text) and not _MAY_GO_ON.search(text)):
            return text
        # A line of a broken paragraph is as long as a line can be, and goes on without a capital letter to show it.
        return "" if _goes_on(text, behind) or text.endswith("体系") else text
    return ""


def _whole(text: str, lines: Sequence[str], kinds: Sequence[str]) -> str | None:
    """A line with those that the title is broken over; None if it stands above the title as the name of a channel."""
    if _ENDS_TITLE.search(text) and not _MAY_GO_ON.search(text):
        return text
    parts = [text]
    for line, kind in zip(lines, kinds, strict=True):
        line = _without_blanks(line)
        if line in text or text in line:
            return text
        if (
            kind not in ("title", "byline", "heading")
            or len(line) > _WIDEST
            or _INDEX.match(line)
            or _NO_TITLE.fullmatch(line)
        ):
            break
        if len(parts) == 1 and (_CONTINUED.search(text) or _CONTINUES.match(line)):
            return text + line
        if re.match("\\d{4}[-年./]|[\\[【□■]|.{0,8}记者", line) or re.search("[:：|]", line):
            break
        if _ENDS_TITLE.search(line):
            if line.startswith(("关于", "转发", "批转")) and not _is_organs("、".join(parts)):
                return None
            return None if _begins_anew(line) and not parts[-1].endswith("印发") else "".join([*parts, line])
        parts.append(line)
    if _KICKER.fullmatch(text):
        return "".join(parts)
    is_slogan = len(parts) > 1 and kinds[0] == "title" and max(len(text), len(parts[1])) <= _LONGEST_SLOGAN
    if is_slogan and abs(len(text) - len(parts[1])) <= _DIFFERENCE and lines[1:2] and _BELOW_SLOGAN.match(lines[1]):
        return f"{text} {parts[1]}"  # 转变作风狠抓落实 | 为建设新市努力奋斗 | ——在全市会议上的讲话
    return text


def _is_organs(line: str) -> bool:
    """Whether a line is the name of an organ, or the names of several."""
    return all(map(_IS_ORGAN.fullmatch, re.split("[、 \u3000]+", line)))


def _joins_organ(lines: Sequence[str]) -> bool:
    """Whether the lines behind an organ's name go on with a title that it is part of: 某局 | 关于…的通知."""
    first = next((line for line in lines if not _is_organs(line)), "")
    return first.startswith(("关于", "印发", "转发", "批转"))


def _begins_anew(line: str) -> bool:
    """Whether a line names a place at its beginning, as a title does, and stands for itself."""
    return len(line) >= 2 * _SHORTEST and line.startswith(_names())


@functools.cache
def _names() -> tuple[str, ...]:
    """Names of today's places."""
    return tuple(unit.name for unit in administrative_units() if not unit.until)


def _without_blanks(line: str) -> str:
    """A line whose characters are set apart, without the blanks: 政 府 工 作 报 告."""
    return (
        re.sub("[ \u3000]", "", line) if _SPACED.fullmatch(line) and max(map(len, line.split())) < _SHORTEST else line
    )


def _is_page_title(text: str, behind: str) -> bool:
    """Whether a line is what a site calls its page: the headline, which follows, with a name of its own."""
    if len(behind) < _SHORTEST or text == behind or not text.startswith(behind) | text.endswith(behind):
        return False
    return _OF_SITE.search(text.replace(behind, "", 1)) is not None


def _goes_on(text: str, behind: str) -> bool:
    """Whether a line ends within a sentence that the next one continues."""
    return len(text) >= 20 and bool(re.match(f"[的和与及、，]|[{HAN}]{{1,16}}[，。；]", behind))


def _unquoted(text: str) -> str:
    return re.sub("[“‘《〈][^”’》〉]*[”’》〉]", "", chinese_marks(text))
