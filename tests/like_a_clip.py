"""Bytes that uploads take for a video: what is behind its first ones is a test's own."""

from ascension.videos.uploads.sniffing import HEAD_BYTES, TAIL_BYTES, family_of

CLIP_HEAD = b"\x00\x00\x00\x18free" + bytes(16)
"""As QuickTime files may begin."""


def like_a_clip(content: bytes) -> bytes:
    """The same bytes; those that would be refused as no video at all have the first ones of one."""
    if family_of(content[:HEAD_BYTES], content[-TAIL_BYTES:], len(content)) is not None:
        return content
    return CLIP_HEAD + content[len(CLIP_HEAD) :]
