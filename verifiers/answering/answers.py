# ruff: noqa: RUF001  (marker words are in their own alphabets)
"""The answer that a solution gives, found by its marker and never guessed."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from proofmill.verifiers.verdict import Unreadable

_LINE = re.compile(
    r"^[ \t>*_]*(?:\#{0,6}[ \t]*[*_]*(?:(?i:(?:the[ ]+)?(?:final[ ]+)?answer)|A)[*_]*[ \t]*:[*_]*"
    r"|\#{1,6}[ \t]*[*_]*(?i:(?:final[ ]+)?answer)(?=[*_ ]*$)|####+)[ \t]*(?P<value>.*)$",
    re.MULTILINE,
)
_HEADING = re.compile(r"^[ \t>*_]*####+[ \t]*[*_]*(?![-+$\\({\[.\d€£*_ ])")
_SENTENCE = re.compile(
    r"(?i:(?:\bthe[ ]+)?\b(?:(?P<final>final)[ ]+|correct[ ]+)?answer[ ]+is\b"
    r"|\b(?P<title>final)[ ]+answer[*_]*[ ]?(?=:)"
    r"|\br[eé]ponse[ ]+est\b|\brespuesta[ ]+es\b|\bantwort[ ]+(?:ist|lautet)\b|\brisposta[ ]+è|\bresposta[ ]+é"
    r"|答案(?:是|为|為)|答えは|उत्तर)[ ]*+[:：]?[ ]*+(?P<value>[^\n]+)",
    re.MULTILINE,
)
_STOP = re.compile(r"\.(?=[*_]*(?:\s|$))|。")
_BRACE = re.compile(r"(?P<box>\\(?:boxed|fbox)\s*\{)|\\.|(?P<brace>[{}])", re.DOTALL)
_PERCENT = re.compile(r"[\s$)\]\\]{0,4}(?:%|(?:percent(?:age)?|pct)\b)")
"""A percent sign behind a box belongs to what is in it."""
_JOINT = re.compile(
    r"(?:[\s,;$]|\\[()\[\],; ]|\\q?quad|\\text\{\s*and\s*\}|[A-Za-z](?:_\{?\d\}?)? *=|(?:[a-z]{2,20} )?\band\b)*"
)
"""What joins boxes to one answer: `\\boxed{x = 1} \\text{ and } \\boxed{y = 2}`."""
MARKERS = 200
"""A text with more marked answers is not read."""
_WRAPPED = re.compile(
    r"\$\$(?P<a>[^$]+)\$\$|\$(?P<b>(?:[^$\\]|\\.)+)\$|\\\((?P<c>.+?)\\\)|\\\[(?P<d>.+?)\\\]", re.DOTALL
)
_GROUP = re.compile(r"\{[^{},]*\}")
"""Braces that LaTeX does not show: `${13}$` is 13."""
_CHOICES = re.compile(r"\s*_(?:\{[^{}]*\}|[0-9a-z]) *C_")
"""A line that begins with an index, and not with Markdown's underscore: `_{10}C_3`."""
BARE_NUMBER = re.compile(r"[+-]?(?:[1-9]\d{0,2}(?:,\d{3}){1,100}|\d{1,400})(?:\.\d{1,400})?|[+-]?\.\d{1,400}", re.ASCII)


@dataclass(frozen=True, slots=True)
class _Marked:
    """One marked answer: where its marker begins and ends, and whether it is a line of its own."""

    start: int
    end: int
    value: str
    line: bool
    final: bool = False


def final_answer(solution: str) -> str:
    """The one answer that a solution marks as final, without its marker.

    Markers are a line `#### 18`, `A: 18`, `Answer: 18` or `Final answer: 18`, a box `\\boxed{18}`, and the sentence
    "The (final) answer is 18."; bold and math delimiters around them don't matter. Boxes beside one another are the
    items of one answer: `\\boxed{1}, \\boxed{2}`. The rule: all marked answers must be the same; only a marker line
    that ends the text outranks boxes and sentences before it (they are intermediate results then), though not another
    marker line, and "Final answer: 18" outranks what stands before it. Raises Unreadable: `no_final_answer` without
    a marker (a truncated solution; the last number of a text is never taken), `several_answers` where they differ.
    """
    found = _marked(solution)
    if not found:
        raise Unreadable("no boxed answer, no '####', 'A:' or 'Answer:' line", reason="no_final_answer")
    last = found[-1]
    rivals = found
    if last.line and not solution[last.end :].strip(" \t\n*_`$"):
        rivals = [marked for marked in found if marked.line]
    elif finals := [marked.start for marked in found if marked.final]:
        rivals = [marked for marked in found if marked.start >= finals[0]]
    values = {_normal(marked.value): marked.value for marked in rivals}
    if len(values) > 1:
        raise Unreadable("marked answers differ: " + " | ".join(list(values)[:4]), reason="several_answers")
    if not last.value:
        raise Unreadable("nothing after the marker", reason="no_final_answer")
    return last.value


def stated_answer(solution: str) -> str:
    """The final answer, or "" where a solution marks none or several."""
    try:
        return final_answer(solution)
    except Unreadable:
        return ""


def answer_text(text: str) -> str:
    """The answer in a field that should hold little else: bare, marked, boxed or wrapped in math delimiters."""
    if BARE_NUMBER.fullmatch(text):
        return text
    return final_answer(text) if _marked(text) else unwrapped(text)


def _marked(text: str) -> list[_Marked]:
    """Every marked answer, in the order of the text; a box or sentence inside a marker line is the line's value."""
    found = list(_lines(text))
    if len(found) + text.count("boxed") + text.count("nswer") > MARKERS:
        raise Unreadable(f"more than {MARKERS} marked answers", reason="several_answers")
    found += _outside(list(_sentences(text)), found)
    if "\\boxed" in text or "\\fbox" in text:
        boxes = [_Marked(start, end, unwrapped(inside), line=False) for start, end, inside in _boxes(text)]
        found += _outside(_joined(boxes, text), found)
    return sorted(found, key=lambda marked: marked.start)


def _outside(candidates: list[_Marked], spans: list[_Marked]) -> list[_Marked]:
    return [
        marked
        for marked in candidates
        if not any(span.start <= marked.start and marked.end <= span.end for span in spans)
    ]


def _lines(text: str) -> Iterator[_Marked]:
    for match in _LINE.finditer(text):
        value, end = match["value"], match.end()
        if not value.strip(" \t*_:"):
            below = re.compile(r"\s*(?P<value>[^\n]*)").match(text, end)
            value, end = (below["value"], below.end()) if below else (value, end)
        elif _HEADING.match(match.group()) and text[end:].strip():
            continue
        yield _Marked(match.start(), end, _value(value), line=True)


def _value(text: str) -> str:
    """The answer in the text after a marker: of a box or sentence inside it, that one's."""
    boxes = {unwrapped(inside) for _, _, inside in _boxes(text)} if "\\" in text else set()
    if len(boxes) > 1:
        raise Unreadable("several boxes: " + " | ".join(sorted(boxes)[:4]), reason="several_answers")
    if boxes:
        return boxes.pop()
    bare = text.strip(" *_.")
    if bare.endswith("!") and BARE_NUMBER.fullmatch(bare[:-1]):
        raise Unreadable(f"{text[-40:]!r}: a factorial or an exclamation", reason="ambiguous")
    sentence = next(_sentences(text), None)
    return sentence.value if sentence else unwrapped(text)


def _sentences(text: str) -> Iterator[_Marked]:
    """Every sentence "The answer is 18.", up to its full stop or the end of its line."""
    position = 0
    while match := _SENTENCE.search(text, position):
        stop = _STOP.search(match["value"])
        value = match["value"][: stop.start()] if stop else match["value"]
        position = match.start("value") + max(len(value), 1)
        final = bool(match["final"] or match["title"])
        yield _Marked(match.start(), position, _value(value.rstrip(" \t*_")), line=False, final=final)


def _boxes(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, inside) of every box whose braces balance."""
    opened: list[tuple[int, int] | None] = []
    for match in _BRACE.finditer(text):
        if match["box"]:
            opened.append(match.span())
        elif match["brace"] == "{":
            opened.append(None)
        elif match["brace"] and opened and (box := opened.pop()) is not None:
            percent = _PERCENT.match(text, match.end())
            inside = text[box[1] : match.start()] + ("\\%" if percent else "")
            yield box[0], percent.end() if percent else match.end(), inside


def _joined(boxes: list[_Marked], text: str) -> list[_Marked]:
    """Boxes beside one another, joined by commas or `and`, as the one list that they are."""
    if not 2 <= len(boxes) <= 12 or len({box.value for box in boxes}) < len(boxes):
        return boxes
    between = [text[one.end : two.start] for one, two in pairwise(boxes)]
    if not all(_JOINT.fullmatch(piece) for piece in between):
        return boxes
    return [_Marked(boxes[0].start, boxes[-1].end, ", ".join(box.value for box in boxes), line=False)]


def unwrapped(text: str) -> str:
    """The text without bold, backticks, quotes, math delimiters and the full stop at its end."""
    for _ in range(8):
        before = text
        text = text.strip(" \t\n*`\"'" if _CHOICES.match(text) else " \t\n*_`\"'").rstrip(
            " \t\n.,;。" if not text.endswith("...") else " "
        )
        if text.startswith((" ", "$", "\\")):
            text = _without_delimiters(text)
        if text == before:
            break
    return text


def _without_delimiters(text: str) -> str:
    """`$5$ dollars` without its dollar signs; `$5` keeps its own."""
    if text.startswith("$") and text.count("$") - text.count("\\$") == 1:
        return text
    match = _WRAPPED.match(text)
    rest = text[match.end() :] if match else ""
    if match is None or not re.fullmatch(r"[ A-Za-z%.]*", rest):
        return text
    inside = next(part for part in match.groups() if part is not None).strip()
    return (inside[1:-1] if _GROUP.fullmatch(inside) else inside) + rest


def _normal(text: str) -> str:
    """Spellings that are the same answer without reading it: spaces, thousands separators, `.0`, a currency sign."""
    short = re.sub(r"\\[,!;: ]|[\s,$\\]", "", text).lower()
    return re.sub(r"(?<=\d)\.0+$", "", short)
