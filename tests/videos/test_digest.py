"""The checksum of a multipart object, computed from its bytes in any pieces."""

import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ascension.infra.storage.objects import CompositeDigest, composite_checksum


@given(data=st.binary(min_size=1, max_size=300), part=st.integers(1, 100), cuts=st.lists(st.integers(0, 300)))
def test_it_is_that_of_the_parts_however_the_bytes_come(data: bytes, part: int, cuts: list[int]) -> None:
    expected = composite_checksum(
        [hashlib.sha256(data[at : at + part]).digest() for at in range(0, len(data), part)]
    )
    digest = CompositeDigest(part)
    edges = [0, *sorted(cuts), len(data)]
    for begin, end in itertools.pairwise(edges):
        digest.update(data[begin:end])
    assert digest.checksum() == expected


@pytest.mark.parametrize("altered", [b"", b"climbe", b"climberr", b"climbes", b"clmiber"])
def test_another_content_has_another_checksum(altered: bytes) -> None:
    right, wrong = CompositeDigest(3), CompositeDigest(3)
    right.update(b"climber")
    wrong.update(altered)
    assert right.checksum() != wrong.checksum()
