"""Frames out of plain RGB pictures."""

from av.video.frame import VideoFrame

from ascension.vision.frame import Frame, frame_from
from tests.clips import Picture


def frame_of(picture: Picture, ticks: int = 0) -> Frame:
    """As if a decoder had given it."""
    height, width = picture.shape[:2]
    return frame_from(VideoFrame.from_ndarray(picture, format="rgb24"), ticks, (width, height), 0)
