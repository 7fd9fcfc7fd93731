"""The key views laid out as one wall, by the points that they share."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.linalg import spsolve

from ascension.vision.wall.fit import FloatArray, inverse, moved, slopes, stepped, tukey_weights
from ascension.vision.wall.keys import Followed

_LINK_POINTS: Final = 60
_ROUNDS: Final = 6
_LINK_LIMIT: Final = 0.008
"""A linked point that lies farther off no longer pulls: 5 px of 1280."""
_STIFFNESS: Final = 1e-6
"""Keeps a key view without any weight where it is."""


@dataclass
class Link:
    """Two key views share points: (points, 2) in the view units of each."""

    first: int
    second: int
    in_first: FloatArray
    in_second: FloatArray


@dataclass
class Layout:
    """Which key views belong to one wall, and where each lies on it.

    place_of: key view -> matrix from its view units to those of its wall; wall_of: key view -> wall.
    Nothing here grows with the frames; each key view costs some kilobytes.
    """

    place_of: list[FloatArray] = field(default_factory=list[FloatArray])
    wall_of: list[int] = field(default_factory=list[int])
    links: list[Link] = field(default_factory=list[Link])

    def add_wall(self) -> int:
        """A key view that nothing connects to the others yet; returns its number."""
        self.wall_of.append(len(self.wall_of))
        self.place_of.append(np.eye(3))
        return len(self.wall_of) - 1

    def add_beside(self, other: int, other_from_new: FloatArray) -> int:
        """A key view on the wall of another one; returns its number."""
        self.wall_of.append(self.wall_of[other])
        self.place_of.append(_scaled(self.place_of[other] @ other_from_new))
        return len(self.wall_of) - 1

    def link(self, first: int, second: int, found: Followed) -> None:
        """`found` follows the points of `first` in the picture of `second`. Two walls become one."""
        step = max(1, len(found.source) // _LINK_POINTS)
        self.links.append(Link(first, second, found.source[::step], found.target[::step]))
        if self.wall_of[first] != self.wall_of[second]:
            self._join(first, second, found.motion.matrix)

    def between(self, source: int, target: int) -> FloatArray:
        """The motion from one key view to another of the same wall, as far as known by now."""
        return _scaled(inverse(self.place_of[target]) @ self.place_of[source])

    def settle(self, wall: int) -> None:
        """Lay the wall's key views out so that all links agree best (a bundle adjustment of homographies).

        Gauss-Newton over all eight elements of every key view but the first, Tukey's weights.
        """
        keys = [key for key, its_wall in enumerate(self.wall_of) if its_wall == wall]
        links = [link for link in self.links if self.wall_of[link.first] == wall]
        slot = {key: index - 1 for index, key in enumerate(keys)}  # the first stays where it is: slot -1
        if len(keys) < 2:
            return
        for _ in range(_ROUNDS):
            steps = self._step(links, slot)
            for key in keys[1:]:
                self.place_of[key] = stepped(self.place_of[key], steps[slot[key]])

    def _join(self, first: int, second: int, second_from_first: FloatArray) -> None:
        stays, moves = self.wall_of[first], self.wall_of[second]
        change = self.place_of[first] @ inverse(second_from_first) @ inverse(self.place_of[second])
        for key, wall in enumerate(self.wall_of):
            if wall == moves:
                self.wall_of[key] = stays
                self.place_of[key] = _scaled(change @ self.place_of[key])

    def _step(self, links: list[Link], slot: dict[int, int]) -> FloatArray:
        """(keys - 1, 8) changes of the key views' matrices."""
        count = len(slot) - 1
        rows: list[NDArray[np.int64]] = []
        columns: list[NDArray[np.int64]] = []
        values: list[FloatArray] = []
        right = np.zeros(count * 8)
        for link in links:
            matrix = self.between(link.first, link.second)
            expected = moved(matrix, link.in_first)
            miss = link.in_second - expected
            weights = tukey_weights(np.linalg.norm(miss, axis=1), _LINK_LIMIT)
            parts = [
                (slot[link.first], slopes(matrix, link.in_first)),
                (slot[link.second], -slopes(np.eye(3), expected)),
            ]
            for row_slot, row_slopes in parts:
                if row_slot < 0:
                    continue
                weighted = row_slopes * weights[:, None, None]
                right[row_slot * 8 : row_slot * 8 + 8] += np.einsum("nik,ni->k", weighted, miss)
                for column_slot, column_slopes in parts:
                    if column_slot < 0:
                        continue
                    row, column = np.mgrid[
                        row_slot * 8 : row_slot * 8 + 8, column_slot * 8 : column_slot * 8 + 8
                    ]
                    rows.append(row.ravel())
                    columns.append(column.ravel())
                    values.append(np.einsum("nik,nil->kl", weighted, column_slopes).ravel())
        whole = np.arange(count * 8)
        rows.append(whole)
        columns.append(whole)
        values.append(np.full(count * 8, _STIFFNESS))
        places = (np.concatenate(rows), np.concatenate(columns))
        information = coo_array((np.concatenate(values), places), shape=(count * 8, count * 8)).tocsc()
        return np.asarray(spsolve(information, right)).reshape(count, 8)


def _scaled(matrix: FloatArray) -> FloatArray:
    return matrix / matrix[2, 2]
