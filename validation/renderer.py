"""Pictures and id pictures of a scene, drawn by OpenGL on the processor (Mesa's llvmpipe, no screen)."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import moderngl
import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from validation.camera import View, looking, rigid
from validation.geometry import Array, unit, vector
from validation.look import Picture, wall_texture
from validation.rig import SIDES, Body
from validation.route import HALF_WIDTH_M, HEIGHT_M, MAT_M, Route, normals, tube
from validation.scenes import Clothes, Light, Occluder

NOTHING, WALL, HOLD, OCCLUDER, FIRST_PERSON = 0, 1, 2, 3, 10
"""What an id picture's first channel says; people are numbered from FIRST_PERSON, the climber first."""

_SHADERS: Final = Path(__file__).parent / "shaders"
_MATERIALS: Final = {"WALL": 0, "MAT": 1, "THING": 2, "ROOM": 3, "SKIN": 10, "CLOTHES": 11, "HAIR": 12}
_BODY_MATERIALS: Final = {"SKIN": "skin", "CLOTHES": "clothes", "HAIR": "hair"}
_FORMAT: Final = (
    ("place", "3f", "12x"),
    ("normal", "3f", "12x"),
    ("cloth", "4f", "16x"),
    ("part", "1f", "4x"),
)
_SHADOW_TEXELS: Final = (1536, 768)
_SHADOW_HALF_WIDTH_M: Final = 3.6
_FILL: Final = vector(0.45, -1.0, 0.55)


@dataclass(frozen=True)
class Skins:
    """One body's vertices in a frame: bare, and with the clothes' thickness, (n, 3) meters."""

    bare: Array
    clothed: Array


@dataclass(frozen=True)
class Ids:
    """What is in front at each pixel: object and part of the body (rows, columns), depth in meters."""

    objects: NDArray[np.uint8]
    parts: NDArray[np.uint8]
    depth_m: NDArray[np.float32]


class Figure:
    """A dressed body on the graphics side."""

    def __init__(self, body: Body, clothes: Clothes) -> None:
        self.body, self.clothes = body, clothes
        scale = 1.75 / body.height_m
        rest = body.vertices * scale
        self._arm = _along_arms(body)
        self.coat = np.column_stack([rest, self._arm])
        height = {
            bone: float(body.head(bone)[2]) * scale for bone in ("foot.L", "upperleg01.L", "neck01", "head")
        }
        self.cuts = {
            "hem": height["upperleg01.L"] + 0.06,
            "neck": height["neck01"] - 0.035,
            "sleeve": clothes.sleeve,
            "trousers_end": height["foot.L"] + clothes.trousers_m,
            "nape": height["head"] - 0.025,
            "shoe_top": height["foot.L"] + 0.028,
        }
        self.colors = {
            "shirt": clothes.shirt,
            "trousers": clothes.trousers,
            "shoes": clothes.shoes,
            "hair": clothes.hair,
            "skin": clothes.skin,
        }
        self.spread = {part: _spreading(len(rest), faces) for part, faces in body.faces.items()}
        self.thickness_m = self._thickness(rest, height["foot.L"])
        self.drawn = body.faces | {"skin": self._uncovered(body.faces["skin"])}

    def _uncovered(self, faces: NDArray[np.int64]) -> NDArray[np.int64]:
        """Faces of the skin that garments may leave bare; the exact edge is the shader's."""
        z, cuts = self.coat[:, 2], self.cuts
        bare = (self._arm > cuts["sleeve"] - 0.15) | (z > cuts["neck"] - 0.06)
        bare |= (z > cuts["shoe_top"] - 0.03) & (z < cuts["trousers_end"] + 0.06)
        return faces[bare[faces].any(1)]

    def _thickness(self, rest: Array, ankle: float) -> Array:
        """(n, 3) how far cloth stands off the skin: wide shirts and trousers, tight shoes."""
        z, hem = rest[:, 2], self.cuts["hem"]
        folds = np.sin(23 * rest[:, 0]) * np.sin(31 * z + 17 * rest[:, 1])
        shirt = 0.016 + 0.007 * folds + 0.010 * np.clip((hem + 0.22 - z) / 0.25, 0, 1)
        trousers = 0.012 + 0.006 * folds + 0.012 * np.clip((hem - 0.36 - z) / 0.4, 0, 1)
        off = np.where(
            z > hem, np.where(self._arm < 0.8, shirt, 0.008), np.where(z > ankle + 0.028, trousers, 0.003)
        )
        worn = np.zeros(len(rest), bool)
        worn[np.unique(self.body.faces["clothes"])] = True
        outward = _smooth_normals(self.body.vertices, self.body.faces["clothes"], self.spread["clothes"])
        return outward * (off * worn)[:, None] * (self.body.height_m / 1.75)

    def vertices(self, part: str, skins: Skins) -> NDArray[np.float32]:
        """(n, 11) interleaved as the shaders read them."""
        places = skins.clothed if part == "clothes" else skins.bare
        facing = _smooth_normals(places, self.body.faces[part], self.spread[part])
        columns = [places, facing, self.coat, self.body.part_of_vertex[:, None]]
        return np.hstack(columns).astype(np.float32)


class Renderer:
    """Draws one scene's wall, occluders and people from any view."""

    def __init__(
        self,
        route: Route,
        figures: list[Figure],
        occluders: tuple[Occluder, ...],
        light: Light,
        size_px: tuple[int, int],
    ) -> None:
        gl: Any = moderngl  # its stubs take settings of a backend for the backend
        self._gl: Any = gl.create_context(standalone=True, backend="egl", require=330)
        self._gl.enable(moderngl.DEPTH_TEST)
        self.size_px, self.figures = size_px, figures
        self._programs = {name: self._program("light.frag", name) for name in _MATERIALS}
        self._id_programs = {name: self._program("ids.frag", name) for name in ("THING", *_BODY_MATERIALS)}
        self._static = self._static_meshes(route, occluders)
        self._bodies = [self._body_meshes(figure) for figure in figures]
        samples = self._gl.renderbuffer(size_px, 4, samples=4)
        self._sampled = self._gl.framebuffer([samples], self._gl.depth_renderbuffer(size_px, samples=4))
        self._picture = self._gl.framebuffer([self._gl.renderbuffer(size_px, 4)])
        self._id_depth = self._gl.depth_texture(size_px)
        self._ids = self._gl.framebuffer([self._gl.renderbuffer(size_px, 4)], self._id_depth)
        self._light_scene(route, light)

    def picture(self, people: list[Skins], view: View) -> Picture:
        """(rows, columns, 3) of a moment, as a perfect camera would see it."""
        self._upload(people)
        self._cast_shadows()
        for number, (_, _, texture) in enumerate(self._shadows, 1):
            texture.use(number)
        self._texture.use(0)
        _set(self._programs, "to_clip", view.clip_matrix())
        _set(self._programs, "eye", tuple(view.eye))
        self._sampled.use()
        self._sampled.clear(0.06, 0.06, 0.07)
        for figure, meshes in zip(self.figures, self._bodies, strict=True):
            _dress(self._programs, figure)
            for mesh in meshes.values():
                mesh.lit.render()
        for name in ("THING", "WALL", "MAT", "ROOM"):  # what is in front first: what it hides is not lit
            self._static[name].lit.render()
        self._gl.copy_framebuffer(self._picture, self._sampled)
        width, height = self.size_px
        data = self._picture.read(components=3, alignment=1)
        return np.frombuffer(data, np.uint8).reshape(height, width, 3)[::-1]

    def ids(self, people: list[Skins], view: View) -> Ids:
        """Who and what is in front, without any smoothing of edges."""
        self._upload(people)
        _set(self._id_programs, "to_clip", view.clip_matrix())
        self._ids.use()
        self._ids.clear(0, 0, 0, 0)
        self._draw_ids()
        width, height = self.size_px
        data = np.frombuffer(self._ids.read(components=4, alignment=1), np.uint8).reshape(height, width, 4)[
            ::-1
        ]
        z = np.frombuffer(self._id_depth.read(alignment=1), np.float32).reshape(height, width)[::-1]
        near, far = 0.1, 30.0
        depth = 2 * far * near / (far + near - (2 * z - 1) * (far - near))
        return Ids(data[..., 0], data[..., 1], depth)

    def release(self) -> None:
        """Give the context's memory back."""
        self._gl.release()

    def _draw_ids(self) -> None:
        for number, (figure, meshes) in enumerate(zip(self.figures, self._bodies, strict=True)):
            _dress(self._id_programs, figure)
            _set(self._id_programs, "object", float(FIRST_PERSON + number))
            for mesh in meshes.values():
                mesh.plain.render()
        for mesh in self._static.values():
            mesh.plain.render()

    def _cast_shadows(self) -> None:
        for to_light, target, _ in self._shadows:
            target.use()
            target.clear(depth=1.0)
            _set(self._id_programs, "to_clip", to_light)
            self._draw_ids()

    def _upload(self, people: list[Skins]) -> None:
        for figure, meshes, skins in zip(self.figures, self._bodies, people, strict=True):
            for name, mesh in meshes.items():
                mesh.buffer.write(figure.vertices(_BODY_MATERIALS[name], skins).tobytes())

    def _light_scene(self, route: Route, light: Light) -> None:
        key, fill = unit(light.key), unit(_FILL)
        self._shadows: list[tuple[Array, Any, Any]] = []
        for direction, texels in zip((key, fill), _SHADOW_TEXELS, strict=True):
            texture = self._gl.depth_texture((texels, texels))
            texture.compare_func, texture.filter = "<=", (moderngl.LINEAR, moderngl.LINEAR)
            target = self._gl.framebuffer(depth_attachment=texture)
            self._shadows.append((_light_matrix(direction), target, texture))
        pixels = wall_texture(route.wall)
        self._texture = self._gl.texture((pixels.shape[1], pixels.shape[0]), 3, pixels.tobytes(), alignment=1)
        self._texture.build_mipmaps()
        self._texture.filter = (moderngl.LINEAR_MIPMAP_LINEAR, moderngl.LINEAR)
        self._texture.anisotropy = 4.0
        values: dict[str, Any] = {
            "key": tuple(key), "fill": tuple(fill), "warmth": light.warmth, "ambient": light.ambient,
            "key_strength": light.key_strength, "fill_strength": light.fill_strength,
            "to_key": self._shadows[0][0], "to_fill": self._shadows[1][0],
            "wall_texture": 0, "key_shadow": 1, "fill_shadow": 2,
            "wall_size": (HALF_WIDTH_M, HEIGHT_M),
            "wall_right": tuple(route.right), "wall_up": tuple(route.up),
        }  # fmt: skip
        for name, value in values.items():
            _set(self._programs, name, value)

    def _static_meshes(self, route: Route, occluders: tuple[Occluder, ...]) -> dict[str, "_Mesh"]:
        corners = [(-HALF_WIDTH_M, 0), (HALF_WIDTH_M, 0), (HALF_WIDTH_M, HEIGHT_M), (-HALF_WIDTH_M, HEIGHT_M)]
        quads = {
            "WALL": (np.array([route.point(*corner) for corner in corners]), route.normal, WALL),
            "MAT": (_quad((-30, 0), (30, -12), MAT_M, upright=False), vector(0, 0, 1), NOTHING),
            "ROOM": (_quad((-30, -1), (30, 12), 1.6, upright=True), vector(0, -1, 0), NOTHING),
        }
        meshes = {
            name: self._mesh(name, _plain(places, np.tile(normal, (4, 1)), (0, 0, 0, 0), kind), _QUAD)
            for name, (places, normal, kind) in quads.items()
        }
        pieces: list[tuple[NDArray[np.float32], NDArray[np.int64]]] = []
        for hold in route.holds.values():
            places, triangles = route.mesh(hold)
            rows = _plain(places, normals(places, triangles), (*hold.rgb, 1.0), HOLD)
            pieces.append((rows, triangles))
        for occluder in occluders:
            places, triangles = tube(occluder.x_m, occluder.y_m, occluder.radius_m)
            rows = _plain(places, normals(places, triangles), (*occluder.color, 0.0), OCCLUDER)
            pieces.append((rows, triangles))
        starts = np.cumsum([0, *(len(rows) for rows, _ in pieces)])
        faces = np.concatenate(
            [triangles + start for (_, triangles), start in zip(pieces, starts, strict=False)]
        )
        meshes["THING"] = self._mesh("THING", np.concatenate([rows for rows, _ in pieces]), faces)
        return meshes

    def _body_meshes(self, figure: Figure) -> dict[str, "_Mesh"]:
        empty = np.zeros((len(figure.body.vertices), 11), np.float32)
        return {name: self._mesh(name, empty, figure.drawn[part]) for name, part in _BODY_MATERIALS.items()}

    def _mesh(self, material: str, rows: NDArray[np.float32], faces: NDArray[np.int64]) -> "_Mesh":
        buffer = self._gl.buffer(rows.tobytes(), dynamic=True)
        index = self._gl.buffer(faces.astype(np.int32).tobytes())
        plain = self._id_programs[material if material in _BODY_MATERIALS else "THING"]
        return _Mesh(
            buffer=buffer,
            lit=self._gl.vertex_array(
                self._programs[material], [_layout(self._programs[material], buffer)], index
            ),
            plain=self._gl.vertex_array(plain, [_layout(plain, buffer)], index),
        )

    def _program(self, fragment: str, material: str) -> Any:
        numbers = "".join(f"#define {name} {number}\n" for name, number in _MATERIALS.items())
        body = "#define BODY\n" if material in _BODY_MATERIALS else ""
        head = f"#version 330\n{numbers}{body}#define MATERIAL {material}\n"
        garment = (_SHADERS / "garment.glsl").read_text()
        source = (_SHADERS / fragment).read_text().replace('#include "garment.glsl"', garment)
        vertex = (_SHADERS / "scene.vert").read_text()
        return self._gl.program(vertex_shader=head + vertex, fragment_shader=head + source)


@dataclass(frozen=True)
class _Mesh:
    buffer: Any
    lit: Any
    plain: Any


_QUAD: Final = np.array([[0, 1, 2], [0, 2, 3]])


def _quad(first: tuple[float, float], last: tuple[float, float], level: float, *, upright: bool) -> Array:
    corners = [(first[0], first[1]), (last[0], first[1]), (last[0], last[1]), (first[0], last[1])]
    return np.array([(x, level, other) if upright else (x, other, level) for x, other in corners], np.float64)


def _plain(places: Array, facing: Array, color: tuple[float, ...], kind: int) -> NDArray[np.float32]:
    count = len(places)
    columns = [places, facing, np.tile(color, (count, 1)), np.full((count, 1), kind)]
    return np.hstack(columns).astype(np.float32)


def _layout(program: Any, buffer: Any) -> tuple[Any, ...]:
    """What a program reads of the interleaved rows; what it does not use is skipped."""
    used = [name for name, _, _ in _FORMAT if name in program]
    return (buffer, " ".join(read if name in program else skip for name, read, skip in _FORMAT), *used)


def _set(programs: dict[str, Any], name: str, value: Any) -> None:
    for program in programs.values():
        if name not in program:
            continue
        if isinstance(value, np.ndarray):
            program[name].write(np.asarray(value, np.float64).T.astype(np.float32).tobytes())
        else:
            program[name].value = value


def _dress(programs: dict[str, Any], figure: Figure) -> None:
    bodies = {name: program for name, program in programs.items() if name in _BODY_MATERIALS}
    for name, value in (figure.cuts | figure.colors).items():
        _set(bodies, name, value)


def _light_matrix(direction: Array) -> Array:
    """(4, 4) onto the picture that a far lamp would take of wall and mat."""
    near, far, half = 1.0, 13.0, _SHADOW_HALF_WIDTH_M
    box = np.diag([1 / half, 1 / half, -2 / (far - near), 1.0])
    box[2, 3] = -(far + near) / (far - near)
    found: Array = box @ rigid(looking(-direction), vector(0, -0.6, 2.0) + 6.5 * direction)
    return found


def _spreading(vertices: int, faces: NDArray[np.int64]) -> Any:
    """Sparse (vertices, faces): sums what faces have at the vertices they share."""
    count = len(faces)
    return sp.csr_matrix(
        (np.ones(3 * count), (faces.T.ravel(), np.tile(np.arange(count), 3))), shape=(vertices, count)
    )


def _smooth_normals(places: Array, faces: NDArray[np.int64], spread: Any) -> Array:
    first, second, third = (places[faces[:, corner]] for corner in range(3))
    summed: Array = spread @ np.cross(second - first, third - first)
    return summed / (np.linalg.norm(summed, axis=1, keepdims=True) + 1e-12)


def _along_arms(body: Body) -> Array:
    """(vertices,): 0 at the shoulder, 1 at the elbow, 2 at the wrist; -1 off the arms."""
    along = np.full(len(body.vertices), -1.0)
    weight = body.arm_weight
    for side in SIDES:
        sign = -1 if side == "L" else 1
        shoulder, elbow, wrist = (
            body.head(f"{bone}.{side}") for bone in ("upperarm01", "lowerarm01", "wrist")
        )
        chosen = ((body.vertices[:, 0] - shoulder[0]) * sign > -0.02) & (weight > 0.3)
        chosen &= (body.vertices[:, 0] * sign > 0) & (body.vertices[:, 2] > body.head("upperleg01.L")[2])
        upper = (
            (body.vertices - shoulder) @ (elbow - shoulder) / float((elbow - shoulder) @ (elbow - shoulder))
        )
        lower = (body.vertices - elbow) @ (wrist - elbow) / float((wrist - elbow) @ (wrist - elbow))
        along = np.where(chosen, np.where(lower > 0, 1 + lower, np.clip(upper, -0.4, 1)), along)
    return along
