"""What is taken for a video by its first and last bytes, and what only pretends to be one."""

import io
import zipfile
from pathlib import Path

import httpx2 as httpx
import pytest

from ascension.videos.uploads.sniffing import FAMILY_OF, HEAD_BYTES, TAIL_BYTES, family_of
from tests.clips import CLIMB, sound_only
from tests.platform import Climber
from tests.telling import Telling, telling_clip

PAGE = b"<!doctype html><script>document.title = 'ran'</script>"


def sniffed(content: bytes) -> str | None:
    return family_of(content[:HEAD_BYTES], content[-TAIL_BYTES:], len(content))


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
        archive.comment = b"as long as one likes"
    return packed.getvalue()


def ftyp(brands: bytes, length: int | None = None) -> bytes:
    return (8 + len(brands) if length is None else length).to_bytes(4, "big") + b"ftyp" + brands


PRETENDERS = {
    "nothing": b"",
    "a page": PAGE * 20,
    "a picture that runs": b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
    "a picture": b"GIF89a" + bytes(100),
    "a topo": b"%PDF-1.7" + bytes(100),
    "a program": b"\x7fELF" + bytes(100),
    "an archive": zipped("climb.mp4", bytes(1000)),
    "a playlist": b"#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/\n",
    "AVI": b"RIFF\x00\x10\x00\x00AVI LIST" + bytes(100),
    "a photo in the same kind of file": ftyp(b"heic\0\0\0\0mif1heic") + bytes(100),
    "sound in the same kind of file": ftyp(b"M4A \0\0\0\0M4A isom") + bytes(100),
    "a page among the brands": ftyp(b"isom\0\0\0\0<script>a()</script>"[:28]) + bytes(100),
    "a page whose words are a box": b"<!--ftypisom-->" + PAGE * 20,
    "a first box beyond the end": ftyp(b"isom\0\0\0\0isom", length=0x7FFFFFFF) + bytes(100),
    "a first box too long": ftyp(b"isom" * 200) + bytes(100),
    "EBML of another kind": b"\x1a\x45\xdf\xa3" + bytes(60) + b"webm",
    "a climb and an archive": CLIMB.read_bytes() + zipped("run.class", b"\xca\xfe\xba\xbe"),
}


@pytest.mark.parametrize("name", PRETENDERS)
def test_what_is_no_video_or_something_else_as_well_is_not_taken(name: str) -> None:
    assert sniffed(PRETENDERS[name]) is None


@pytest.mark.parametrize(
    ("name", "how", "family"),
    [
        ("climb.mp4", Telling(), "mp4"),
        ("climb.mov", Telling(with_positions=False), "mp4"),
        ("climb.3gp", Telling(with_positions=False), "mp4"),
        ("climb.mkv", Telling(with_positions=False), "matroska"),
        ("climb.webm", Telling(codec="libvpx", sound="libopus", options=()), "matroska"),
    ],
)
def test_what_cameras_and_programs_write_is_taken(
    tmp_path: Path, name: str, how: Telling, family: str
) -> None:
    assert sniffed(telling_clip(tmp_path / name, how).read_bytes()) == family
    assert family in FAMILY_OF.values()


def test_old_quicktime_without_a_file_type_and_long_climbs_are_taken() -> None:
    for box in (b"moov", b"mdat", b"wide", b"free", b"skip"):
        assert sniffed((50).to_bytes(4, "big") + box + bytes(100)) == "mp4"
    assert sniffed((1).to_bytes(4, "big") + b"mdat" + bytes(100)) == "mp4", "its length follows, in 64 bits"
    assert sniffed(sound_only()) == "mp4", "that there is no picture in it, the gate says"


async def test_an_upload_that_is_no_video_is_refused_and_nobody_gets_a_link_to_it(climber: Climber) -> None:
    cases = ((PAGE * 20, "video/mp4"), (CLIMB.read_bytes(), "video/webm"))
    for content, content_type in cases:
        video = await climber.open_upload(len(content), content_type=content_type)
        assert (await climber.send_part(video, 1, content)).status_code == 200
        for _ in range(2):
            answer = await climber.post(f"/api/v1/videos/{video['id']}/complete")
            assert (answer.status_code, answer.json()["error"]) == (409, "upload_not_video")
        path = f"/api/v1/videos/{video['id']}"
        for refused in (await climber.get(f"{path}/playback"), await climber.put(f"{path}/saved", None)):
            assert (refused.status_code, refused.json()["error"]) == (409, "video_not_uploaded")


async def test_a_link_opened_by_itself_is_saved_not_shown(climber: Climber) -> None:
    video = await climber.upload(CLIMB.read_bytes())
    link = (await climber.get(f"/api/v1/videos/{video['id']}/playback")).json()["url"]
    async with httpx.AsyncClient(timeout=30) as storage:
        headers = (await storage.get(link)).headers
        assert headers["content-disposition"] == "attachment"
        assert headers["content-type"] == "video/mp4"
        changed = link.replace(
            "response-content-disposition=attachment", "response-content-disposition=inline"
        )
        assert (await storage.get(changed)).status_code == 403, "it is part of the signature"
