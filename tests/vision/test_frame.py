"""A frame shows the picture that went in, whatever its pixel format, colors, rotation and pixel shape."""

import math

import cv2
import numpy as np
import pytest
from av.video.frame import VideoFrame
from numpy.typing import NDArray

from ascension.vision.frame import Colors, Frame, frame_from
from ascension.vision.region import Region
from tests.clips import Picture

BT709, BT601, BT2020 = 1, 6, 9
LIMITED, FULL = 1, 2
TURNS_DEG = (0, 90, 180, 270)


def painting(height: int = 180, width: int = 250) -> Picture:
    """Soft color fields and a bright spot off the center: every turn of it looks different."""
    y, x = np.mgrid[:height, :width].astype(np.float64)
    red = 128 + 100 * np.sin(x / 30)
    green = 128 + 100 * np.cos(y / 25)
    blue = 255 * x / width
    spot = 90 * np.exp(-((x - width * 0.3) ** 2 + (y - height * 0.2) ** 2) / 200)
    return np.clip(np.stack([red, green, blue], axis=-1) + spot[..., None], 0, 255).astype(np.uint8)


def stored(
    picture: Picture, pixel_format: str = "yuv420p", matrix: int = BT709, color_range: int = LIMITED
) -> VideoFrame:
    frame = VideoFrame.from_ndarray(picture, format="rgb24").reformat(
        format=pixel_format, dst_colorspace=matrix, dst_color_range=color_range
    )
    if pixel_format != "rgb24":
        frame.colorspace, frame.color_range = matrix, color_range
    return frame


def shown(decoded: VideoFrame, rotation_deg: int = 0) -> Frame:
    size = (decoded.height, decoded.width) if rotation_deg in (90, 270) else (decoded.width, decoded.height)
    return frame_from(decoded, 7, size, rotation_deg)


def upright(picture: Picture, rotation_deg: int) -> Picture:
    return np.ascontiguousarray(np.rot90(picture, k=-rotation_deg // 90))


def difference(one: Picture, other: Picture) -> float:
    """Mean over the pixels, in steps of 255."""
    assert one.shape == other.shape
    return float(np.abs(one.astype(int) - other.astype(int)).mean())


@pytest.mark.parametrize("color_range", [LIMITED, FULL], ids=["limited", "full"])
@pytest.mark.parametrize("matrix", [BT709, BT601, BT2020])
def test_colors_come_back(matrix: int, color_range: int) -> None:
    frame = shown(stored(painting(), matrix=matrix, color_range=color_range))
    assert difference(frame.rgb(), painting()) < 2


def test_the_wrong_matrix_would_be_noticed() -> None:
    frame = shown(stored(painting(), matrix=BT709))
    mistaken = stored(painting(), matrix=BT601)
    mistaken.colorspace = BT709
    assert difference(shown(mistaken).rgb(), frame.rgb()) > 4


@pytest.mark.parametrize(("height", "matrix"), [(180, BT601), (720, BT709)])
def test_colors_without_a_name_are_those_that_players_assume(height: int, matrix: int) -> None:
    picture = painting(height, 1280)
    decoded = stored(picture, matrix=matrix)
    decoded.colorspace = 2
    assert difference(shown(decoded).rgb(), picture) < 2


@pytest.mark.parametrize(
    "pixel_format",
    ["yuv420p10le", "yuv422p", "yuv444p", "yuv422p10le", "nv12", "p010le", "yuvj420p", "yuvj444p", "rgb24"],
)
def test_other_pixel_formats_show_the_same(pixel_format: str) -> None:
    color_range = FULL if pixel_format.startswith("yuvj") else LIMITED
    frame = shown(stored(painting(), pixel_format, color_range=color_range))
    assert difference(frame.rgb(), painting()) < 2


def test_gray_pictures_are_gray() -> None:
    gray = np.repeat(painting()[:, :, :1], 3, axis=2)
    decoded = VideoFrame.from_ndarray(np.ascontiguousarray(gray[:, :, 0]), format="gray")
    assert difference(shown(decoded).rgb(), gray) < 2


def test_odd_sizes_are_shown_whole() -> None:
    picture = painting(181, 251)
    frame = shown(stored(picture))
    assert difference(frame.rgb(), picture) < 2
    assert frame.luma().shape == (181, 251)


@pytest.mark.parametrize("rotation_deg", TURNS_DEG)
def test_everything_is_upright(rotation_deg: int) -> None:
    frame = shown(stored(painting()), rotation_deg)
    expected = upright(painting(), rotation_deg)
    assert (frame.height_px, frame.width_px) == expected.shape[:2]
    assert difference(frame.rgb(), expected) < 2
    gray = expected @ np.array([0.2126, 0.7152, 0.0722]) * 219 / 255 + 16
    assert difference(frame.luma(), gray.round().astype(np.uint8)) < 1


@pytest.mark.parametrize("rotation_deg", TURNS_DEG)
def test_a_crop_is_what_the_upright_picture_has_there(rotation_deg: int) -> None:
    frame = shown(stored(painting()), rotation_deg)
    region = Region(frame.width_px * 0.45, frame.height_px * 0.4, 90, math.radians(25))
    assert difference(frame.crop(region, 128), cut(upright(painting(), rotation_deg), region, 128)) < 2


def test_a_crop_meets_its_place_to_a_tenth_of_a_pixel() -> None:
    """A sharp spot at a known pixel is found at that pixel, in all turns."""
    picture = np.zeros((180, 250, 3), np.uint8)
    cv2.circle(picture, (100, 60), 6, (255, 255, 255), -1)
    for rotation_deg in TURNS_DEG:
        frame = shown(stored(picture), rotation_deg)
        brightness = upright(picture, rotation_deg)[:, :, 0].astype(np.float64)
        region = Region(frame.width_px / 2, frame.height_px / 2, 200, 0.3)
        center = np.append(centroid(frame.crop(region, 200)[:, :, 1].astype(np.float64)), 1)
        assert region.to_frame(200) @ center == pytest.approx(centroid(brightness), abs=0.1)


def centroid(brightness: NDArray[np.float64]) -> tuple[float, float]:
    rows, columns = np.mgrid[: brightness.shape[0], : brightness.shape[1]]
    mass = brightness.sum()
    return float((columns * brightness).sum() / mass), float((rows * brightness).sum() / mass)


def test_colors_of_a_crop_lie_where_its_brightness_lies() -> None:
    """A square that only the color planes know, sampled as H.264 says: on even columns, between rows."""
    square = np.full((180, 250), 128, np.float32)
    square[60:100, 100:140] = 200
    columns = cv2.blur(square, (2, 1), anchor=(0, 0))[:, ::2] / 2 + cv2.blur(square, (2, 1))[:, ::2] / 2
    v = ((columns[::2] + columns[1::2]) / 2).astype(np.uint8)
    y, u = np.full((180, 250), 120, np.uint8), np.full((90, 125), 128, np.uint8)
    crop = Frame(0, y, u, v, Colors(BT709, full_range=False), 250, 180, 0).crop(Region(125, 90, 128, 0), 256)
    redness = np.clip(crop[:, :, 0].astype(np.float64) - crop[:, :, 2], 0, None)
    assert centroid(redness) == pytest.approx(((119.5 - 61) * 2, (79.5 - 26) * 2), abs=0.1)


def test_pixels_come_square_in_crops_too() -> None:
    frame = frame_from(stored(painting()), 0, (375, 180), 0)
    wide = cv2.resize(painting(), (375, 180)).astype(np.uint8)
    assert difference(frame.rgb(), wide) < 2
    assert frame.luma().shape == (180, 375)
    region = Region(200, 90, 100, -0.4)
    assert difference(frame.crop(region, 128), cut(wide, region, 128)) < 2


def test_outside_of_the_picture_is_black() -> None:
    for color_range in (LIMITED, FULL):
        frame = shown(stored(painting(), color_range=color_range))
        assert frame.crop(Region(-500, -500, 100, 0), 64).max() <= 1


def test_a_small_picture_is_the_mean_of_the_large_one() -> None:
    frame = shown(stored(painting()), 90)
    expected = cv2.resize(upright(painting(), 90), (45, 62), interpolation=cv2.INTER_AREA).astype(np.uint8)
    assert difference(frame.rgb((45, 62)), expected) < 2


def cut(picture: Picture, region: Region, side_px: int) -> Picture:
    """Of an RGB picture, in the plain way."""
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, region.to_frame(side_px), (side_px, side_px), flags=flags).astype(np.uint8)
