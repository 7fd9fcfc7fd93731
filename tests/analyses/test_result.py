import gzip
import json
import struct
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.analyses.columns import Coding, pack, unpack
from ascension.analyses.result import PREFIX, VISIBILITY_STEP, Result, decode, encode, schema_of_header
from tests.analyses.sample import EXPECTED, SAMPLE, build_sample, describe
from tests.platform import ROOT

CODINGS: list[Coding] = ["delta1-varint", "delta2-varint"]


@pytest.mark.parametrize("coding", CODINGS)
@given(
    values=st.lists(st.lists(st.integers(-(2**49), 2**49), min_size=3, max_size=3), min_size=1, max_size=40)
)
def test_a_column_comes_back_as_it_went_in(coding: Coding, values: list[list[int]]) -> None:
    column = np.array(values, np.int64)
    assert np.array_equal(unpack(pack(column, coding), column.shape, coding), column)


@pytest.mark.parametrize("coding", CODINGS)
def test_numbers_beyond_the_format_are_not_written(coding: Coding) -> None:
    with pytest.raises(ValueError, match="too large"):
        pack(np.array([[2**52]]), coding)


def test_writing_a_long_column_takes_little_memory() -> None:
    column = np.cumsum(np.random.default_rng(0).integers(-5, 6, (20_000, 33, 2)), axis=0)
    tracemalloc.start()
    data = pack(column, "delta2-varint")
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 70 * column.size
    assert np.array_equal(unpack(data, column.shape, "delta2-varint"), column)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"\x01", "holds 1 numbers, expected 2"),
        (b"\x01\x02\x03", "holds 3 numbers, expected 2"),
        (b"\x01\x80", "holds 1 numbers, expected 2"),
        (b"\x01\x02\x80", "holds 2 numbers"),
        (b"\x01" + b"\xff" * 8 + b"\x01", "more than eight bytes"),
        (b"\xfe" + b"\xff" * 6 + b"\x7f" + b"\x01", "beyond 2\\^53"),
    ],
)
def test_a_damaged_column_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        unpack(data, (2,), "delta1-varint")


def test_the_sample_reads_as_its_document_says() -> None:
    document = json.loads(EXPECTED.read_text(encoding="utf-8"))
    assert json.loads(json.dumps(describe(decode(SAMPLE.read_bytes())))) == document


@pytest.mark.proves("D16")
def test_a_result_says_size_rotation_frame_rate_and_times() -> None:
    video = decode(SAMPLE.read_bytes()).facts.video
    assert (video.width_px, video.height_px, video.rotation_deg, video.fps) == (480, 854, 90, 30.0)
    times_s = decode(SAMPLE.read_bytes()).time_s()
    assert len(times_s) == video.frame_count
    assert times_s[16] == pytest.approx((16 * 512 + 1) / 15360)


@given(torso_px=st.floats(20, 1500), shift_px=st.floats(-3000, 3000), frames=st.integers(1, 40))
def test_rounding_costs_at_most_a_thousandth_of_the_torso(
    torso_px: float, shift_px: float, frames: int
) -> None:
    sample = build_sample(frames + 1)
    original = replace(
        sample,
        facts=sample.facts.model_copy(update={"torso_px": torso_px}),
        landmarks_px=sample.landmarks_px + shift_px,
    )
    read = decode(encode(original))
    tolerance_px = 0.001 * torso_px * 1.000001
    for name in ("landmarks_px", "center_of_mass_px"):
        stored, true = getattr(read, name), getattr(original, name)
        assert np.array_equal(np.isnan(stored), np.isnan(true))
        assert np.nanmax(np.abs(stored - true)) <= tolerance_px
    assert np.nanmax(np.abs(read.visibility - original.visibility)) <= VISIBILITY_STEP / 2 + 1e-9
    assert np.nanmax(np.abs(read.joint_angles_deg - original.joint_angles_deg)) <= 0.25 + 1e-9


def test_the_same_result_gives_the_same_bytes() -> None:
    assert encode(build_sample()) == encode(build_sample())


def rewritten(change: Callable[[dict[str, Any]], object]) -> bytes:
    """The sample with its header changed by `change`."""
    plain = gzip.decompress(encode(build_sample()))
    _, length = PREFIX.unpack_from(plain)
    header = json.loads(plain[PREFIX.size : PREFIX.size + length])
    change(header)
    text = json.dumps(header).encode()
    return gzip.compress(PREFIX.pack(b"ASCN", len(text)) + text + plain[PREFIX.size + length :], mtime=0)


def column(header: dict[str, Any], name: str) -> dict[str, Any]:
    return next(entry for entry in header["columns"] if entry["name"] == name)


def test_unknown_fields_and_columns_are_passed_over() -> None:
    def add(header: dict[str, Any]) -> None:
        header["mood"] = "good"
        header["columns"].append({**column(header, "person"), "name": "new", "unit": "furlong"})

    assert np.array_equal(decode(rewritten(add)).person, build_sample().person)


def test_results_from_before_people_were_listed_stay_readable() -> None:
    assert decode(rewritten(lambda h: h.pop("people"))).facts.people == ()


def test_what_was_filled_in_or_put_back_comes_back() -> None:
    sample = build_sample()
    frames = len(sample.person)
    flags = np.random.default_rng(6).random((frames, 33)) < 0.1
    seen_pct = np.where(sample.person, np.linspace(40, 100, frames).round(), np.nan)
    told = replace(sample, interpolated=flags, sides_repaired=flags[:, 0], center_of_mass_seen_pct=seen_pct)
    read = decode(encode(told))
    assert read.interpolated is not None
    assert read.sides_repaired is not None
    assert read.center_of_mass_seen_pct is not None
    assert np.array_equal(read.interpolated, flags)
    assert np.array_equal(read.sides_repaired, flags[:, 0])
    np.testing.assert_allclose(read.center_of_mass_seen_pct, seen_pct)


def test_results_that_do_not_say_it_stay_readable() -> None:
    silent = replace(build_sample(), interpolated=None, sides_repaired=None, center_of_mass_seen_pct=None)
    read = decode(encode(silent))
    assert read.interpolated is read.sides_repaired is read.center_of_mass_seen_pct is None


CHANGES: dict[str, Callable[[dict[str, Any]], object]] = {
    "another version": lambda h: h.update(schema_version=2),
    "no video": lambda h: h.pop("video"),
    "endless frames": lambda h: h["video"].update(frame_count=10**30),
    "time stands still": lambda h: h["video"].update(time_base=[1, 0]),
    "time too fine": lambda h: h["video"].update(time_base=[1, 10**400]),
    "a landmark less": lambda h: h["landmarks"].pop(),
    "a column less": lambda h: h["columns"].pop(2),
    "a column twice": lambda h: h["columns"].append(h["columns"][0]),
    "three coordinates": lambda h: column(h, "landmarks_px").update(shape=[24, 33, 3]),
    "beyond the end": lambda h: column(h, "landmarks_px").update(offset_bytes=10**9),
    "too short": lambda h: column(h, "landmarks_px").update(length_bytes=3),
    "before the start": lambda h: column(h, "landmarks_px").update(offset_bytes=-1),
    "no scale": lambda h: column(h, "landmarks_px").update(scale=0),
    "unknown coding": lambda h: column(h, "landmarks_px").update(coding="raw"),
    "mask of other numbers": lambda h: column(h, "person").update(column(h, "time_ticks"), name="person"),
    "a crowd": lambda h: h.update(people=[{**h["people"][0], "id": n} for n in range(1, 10)]),
    "endless boxes": lambda h: h["people"][0].update(boxes=h["people"][0]["boxes"] * 701),
    "a box without a height": lambda h: h["people"][0].update(boxes=[[0.1, 1, 2, 3]]),
    "time goes back": lambda h: column(h, "time_ticks").update(coding="delta1-varint"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_header_that_does_not_fit_is_refused(name: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - each change has its own message
        decode(rewritten(CHANGES[name]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ASCN",
        b"\x1f\x8b",
        gzip.compress(b"ASCN", mtime=0),
        gzip.compress(struct.pack("<4sI", b"ASCN", 2**32 - 1), mtime=0),
        gzip.compress(b"NCSA" + bytes(100), mtime=0),
        encode(build_sample())[:-1],
        encode(build_sample()) + b"more",
        gzip.compress(bytes(65 * 2**20), mtime=0),
    ],
)
def test_bytes_that_are_no_result_are_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"result|header"):
        decode(data)


@given(place=st.integers(0, 4000), value=st.integers(0, 255))
def test_a_changed_byte_is_refused_or_read_but_never_breaks_the_reader(place: int, value: int) -> None:
    plain = bytearray(gzip.decompress(encode(build_sample())))
    plain[place % len(plain)] = value
    try:
        read = decode(gzip.compress(bytes(plain), mtime=0))
    except ValueError:
        return
    assert isinstance(read, Result)


@pytest.mark.proves("D20")
def test_thirty_seconds_fit_in_fifty_kilobytes() -> None:
    frames = 900
    sample = build_sample(frames)
    jitter_px = np.random.default_rng(5).normal(0, 0.008 * sample.facts.torso_px, sample.landmarks_px.shape)
    walk_px = np.cumsum(
        jitter_px, axis=0
    )  # second differences like those of a smoothed climb, every landmark alone
    moving = replace(sample, landmarks_px=sample.landmarks_px + np.nan_to_num(walk_px))
    assert len(encode(moving)) <= 50_000


def test_the_client_was_made_from_this_schema() -> None:
    kept = json.loads((ROOT / "web" / "result.json").read_text(encoding="utf-8"))
    assert kept == schema_of_header(), "run `make openapi`"
