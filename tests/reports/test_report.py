import hashlib
import io
import re
import tomllib
from base64 import b64encode
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from string import Formatter

import numpy as np
import pypdfium2 as pdfium  # pyright: ignore[reportMissingTypeStubs]
import pytest
from PIL import Image

from ascension.accounts.choices import LANGUAGES, Language
from ascension.climbing.body import Body
from ascension.climbing.climb import Climb, read
from ascension.climbing.measures.definitions import DEFINITIONS
from ascension.climbing.record import Habits
from ascension.coaching.rules import MEASURES
from ascension.coaching.wording import catalog as coaching_texts
from ascension.errors.reports import PictureUnreadable
from ascension.reports.content import Clip, Material, Report, report_of
from ascension.reports.document import document_of
from ascension.reports.drawing import Dot
from ascension.reports.page import page_of
from ascension.reports.reading import climb_of
from ascension.reports.texts import texts_of
from tests.analyses.sample import build_sample
from tests.climbing.stories import motion_of
from tests.climbing.test_measures_properties import ladder

SAMPLE = build_sample()
HOSTILE = """</title><script>alert(1)</script><b onload='x'>&amp; "climb\""""
each_language = pytest.mark.parametrize("language", LANGUAGES)


def picture(kind: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (600, 900), (180, 150, 120)).save(file, kind)
    return file.getvalue()


@pytest.fixture(scope="module")
def climb() -> Climb:
    return read(motion_of(ladder()), Body(height_m=1.75, mass_kg=60))


def made(climb: Climb | str, language: Language = "en", **changes: object) -> Report:
    material = Material(SAMPLE, climb, "climb", picture("PNG"))
    return report_of(replace(material, **changes), language)


class Page(HTMLParser):
    """Elements, addresses and texts of a page."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.names: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self.texts: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


def texts_of_pdf(data: bytes) -> str:
    document = pdfium.PdfDocument(data)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


@each_language
def test_the_page_says_everything_and_asks_nobody(climb: Climb, language: Language) -> None:
    report = made(climb, language)
    data = page_of(report)
    page = Page(data)
    assert ("lang", language) in page.attributes
    assert not {"script", "link", "iframe", "object", "form"} & set(page.names)
    addresses = [value for name, value in page.attributes if name in {"href", "src", "action"}]
    assert [address[:22] for address in addresses] == ["data:image/png;base64,"]
    assert not re.search(rb"url\(|@import|https?:", data)
    assert any("default-src 'none'" in value for _, value in page.attributes)
    part = report.parts[0]
    assert part.unmeasured.rows
    for one in part.measures.rows + part.unmeasured.rows + part.moves.rows:
        assert {cell for cell in one if cell} <= set(page.texts)
    for number in range(1, len(climb.holds) + 1):
        assert str(number) in page.texts


@each_language
def test_the_pdf_says_the_same(climb: Climb, language: Language) -> None:
    report = made(climb, language)
    found = " ".join(texts_of_pdf(document_of(report)).split())
    assert report.parts[0].lead in found
    for row in report.parts[0].measures.rows:
        assert row[0] in found
    for advised in report.parts[0].top:
        assert " ".join(advised.text.sentence.split()) in found
    assert "\ufffe" not in found


@pytest.mark.parametrize("inside", [False, True])
def test_times_lead_to_their_moment_of_the_video(climb: Climb, inside: bool) -> None:
    clip = Clip("a #1?.overlay.mp4", b"video" if inside else None)
    report = made(climb, clip=clip)
    data = page_of(report)
    page, where = Page(data), "#clip" if inside else "a%20%231%3F.overlay.mp4"
    links = [value for name, value in page.attributes if name == "href" and not value.startswith("data:")]
    moments = [float(value) for name, value in page.attributes if name == "data-at"]
    part = report.parts[0]
    told = [at_s for advised in part.top + part.further for at_s in advised.at_s]
    assert part.moves.at_s
    assert set(np.round([*told, *part.moves.at_s], 2)) <= set(moments)
    assert set(links) == {where if inside else f"{where}#t={at_s:.2f}" for at_s in moments}
    source = dict(page.attributes)["src"]
    assert source == (f"data:video/mp4;base64,{b64encode(b'video').decode()}" if inside else where)
    (script,) = re.findall(rb"<script>(.*?)</script>", data, re.DOTALL)
    allowed = b64encode(hashlib.sha256(script).digest()).decode()
    (policy,) = [value for name, value in page.attributes if "default-src" in value and name == "content"]
    assert f"script-src 'sha256-{allowed}';" in policy
    assert policy.endswith("media-src data:" if inside else "media-src 'self' file:")


def test_what_is_said_of_a_whole_climb_has_no_moment(climb: Climb) -> None:
    whole = {coaching_texts("en").finding[rule.code].title for rule in MEASURES}
    advice = [one for part in made(climb).parts for one in part.top + part.further]
    assert {one.text.title for one in advice if not one.at_s} <= whole
    assert all(one.at_s for one in advice if one.text.title not in whole)
    assert texts_of("en").label["see"] not in " ".join(Page(page_of(made(climb))).texts), "there is no video"


def test_the_same_report_gives_the_same_bytes(climb: Climb) -> None:
    assert document_of(made(climb)) == document_of(made(climb))
    assert page_of(made(climb)) == page_of(made(climb))


@pytest.mark.parametrize("name", [HOSTILE, "=cmd()", "a\x00b\nc", "<para><font size=99>", "漢字" * 60])
def test_a_name_is_only_ever_text(climb: Climb, name: str) -> None:
    report = made(climb, clip_name=name)
    page = Page(page_of(report))
    assert "script" not in page.names
    assert "b" not in page.names
    assert not [attribute for attribute, _ in page.attributes if attribute.startswith("on")]
    found = texts_of_pdf(document_of(report))
    if name == HOSTILE:
        assert "<script>alert(1)</script>" in "".join(found.split("\r\n"))


def test_without_a_climb_the_report_says_why(climb: Climb) -> None:
    nobody = replace(
        SAMPLE,
        person=np.zeros_like(SAMPLE.person),
        landmarks_px=np.full_like(SAMPLE.landmarks_px, np.nan),
        visibility=np.full_like(SAMPLE.visibility, np.nan),
        center_of_mass_px=np.full_like(SAMPLE.center_of_mass_px, np.nan),
        wall_corners_px=SAMPLE.wall_corners_px,
    )
    why = climb_of(nobody)
    assert isinstance(why, str)
    report = made(why, "fr", result=nobody)
    assert why in report.nothing
    assert report.nothing in Page(page_of(report)).texts
    assert "no frame shows a person" in " ".join(texts_of_pdf(document_of(report)).split())
    empty = replace(climb, contacts=(), holds=(), moves=(), events=(), attempts=(), measures=(), habits=())
    assert made(empty).nothing


def test_a_climb_without_habits_says_that_nothing_was_found(climb: Climb) -> None:
    silent = tuple(replace(one, value=None, reason="made up") for one in climb.measures[0])
    plain = replace(climb, habits=(Habits((), ()),), measures=(silent,), events=())
    report = made(plain)
    assert not report.parts[0].top
    assert report.texts.label["no_advice"] in Page(page_of(report)).texts
    assert report.texts.label["no_advice"] in " ".join(texts_of_pdf(document_of(report)).split())


def test_moves_are_counted_as_they_are_listed(climb: Climb) -> None:
    late = replace(climb, attempts=(replace(climb.attempts[0], start=climb.moves[1].reach_start),))
    report = made(late)
    assert dict(report.figures)["Moves"] == str(len(report.parts[0].moves.rows)) == str(len(climb.moves) - 1)


def test_without_a_picture_the_wall_is_said_to_be_missing(climb: Climb) -> None:
    report = made(climb, wall_picture=None)
    assert report.texts.label["no_wall"] in Page(page_of(report)).texts
    assert report.texts.label["no_wall"] in texts_of_pdf(document_of(report))


@pytest.mark.parametrize("kind", ["JPEG", "WEBP", "AVIF"])
def test_each_kind_of_picture_is_shown(climb: Climb, kind: str) -> None:
    report = made(climb, wall_picture=picture(kind))
    assert f"data:image/{kind.lower()};base64,".encode() in page_of(report)
    assert document_of(report).count(b"/Subtype /Image") == 1


@pytest.mark.parametrize(
    "data",
    [b"", b"<svg onload='alert(1)'/>", b"GIF89a" + b"\0" * 40, picture("PNG")[:60], picture("JPEG")[:60]],
)
def test_what_is_no_picture_is_refused(climb: Climb, data: bytes) -> None:
    with pytest.raises(PictureUnreadable):
        document_of(made(climb, wall_picture=data))


def test_numbers_are_written_as_each_language_does() -> None:
    values = (0.327, 33.54, 412.4, -1.43, 3.0, -0.0001, 0.0005)
    assert [texts_of("en").short(value) for value in values] == [
        "0.327", "33.5", "412", "−1.43", "3", "0", "0.001",
    ]  # fmt: skip
    assert [texts_of("fr").short(value) for value in values[:2]] == ["0,327", "33,5"]
    assert texts_of("fr").exact_clock(67.256) == "1:07,26"


def test_holds_are_numbered_where_they_are_in_the_picture(climb: Climb) -> None:
    """The sample's wall pixel is 5 mm and its picture begins 60, 23 px before the wall picture's origin."""
    report = made(climb)
    assert report.wall is not None
    dots = [shape for shape in report.wall.shapes if isinstance(shape, Dot)]
    places = {(round(dot.x, 3), round(dot.y, 3)) for dot in dots}
    expected = {(round(hold.x / 0.005 + 60, 3), round(-hold.y / 0.005 + 23, 3)) for hold in climb.holds}
    assert places == expected


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_have_the_same_texts_and_name_every_measure() -> None:
    folder = resources.files("ascension.reports") / "catalogs"
    english, french = (
        tomllib.loads((folder / f"{language}.toml").read_text(encoding="utf-8")) for language in LANGUAGES
    )
    assert {group: set(texts) for group, texts in english.items()} == {
        group: set(texts) for group, texts in french.items()
    }
    for group, texts in english.items():
        for key, text in texts.items():
            assert placeholders(text) == placeholders(french[group][key]), key
    assert set(english["measure"]) == {one.name for one in DEFINITIONS}
    units = {one.unit.replace("length", unit) for one in DEFINITIONS for unit in ("m", "torso")}
    assert units <= set(english["unit"])
