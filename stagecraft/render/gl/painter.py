"""Draws a Description with OpenGL: sky and sun, lines where surfaces turn, screens with their pictures."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np

from stagecraft.render.camera import Size, axes, key_light, seen_from
from stagecraft.render.description import Camera, Description, Floats32, Instances, LedSurface
from stagecraft.render.ray import CALM, DARKEST, MOODS, placed, plain_card, turned

SHADOW = 3072
"""Width of the shadow map. [pixels]"""
MANY = 8
"""Meshes with at least so many copies are drawn as instances; the rest is one long list of triangles."""

_LIGHT = """
    uniform vec3 sun;
    uniform vec2 level;                                   // sky, sun
    uniform float exposure;
    uniform float calm;
    uniform sampler2DShadow shadow; uniform mat4 lamp; uniform float shaded;
    float lit(vec3 p, vec3 n) {                           // share of the sun that arrives: nine taps round the point
        if (shaded < 0.5) return 1.0;
        vec3 at = (lamp * vec4(p + n * 0.03, 1.0)).xyz * 0.5 + 0.5;
        float sum = 0.0;
        for (int i = -1; i <= 1; i++)
            for (int j = -1; j <= 1; j++)
                sum += texture(shadow, vec3(at.xy + vec2(i, j) * 1.4 / vec2(textureSize(shadow, 0)), at.z - 0.0006));
        return sum / 9.0;
    }
    vec3 filmic(vec3 c) {
        vec3 x = c * exposure;
        return clamp(x * (2.51 * x + 0.03) / (x * (2.43 * x + 0.59) + 0.14), 0.0, 1.0);
    }
    vec3 srgb(vec3 c) {
        return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c));
    }
    float grid(vec2 p) {
        vec2 width = max(fwidth(p), 1e-5);
        vec2 off = abs(p - round(p));
        vec2 line = clamp(1.0 - (off - 0.012) / width, 0.0, 1.0) * min(vec2(1.0), 0.024 / width);
        return max(line.x, line.y) * clamp(1.6 - max(width.x, width.y) / 0.05, 0.0, 1.0);
    }
"""
_MESH_VERTEX = """
    #version 330
    in vec3 position; in vec3 normal;
#ifdef COPIES
    in mat4 place; uniform vec4 tint;
#else
    in vec4 colour;
#endif
    uniform mat4 camera;
    out vec3 where; out vec3 side; out vec4 paint;
    void main() {
#ifdef COPIES
        vec4 world = place * vec4(position, 1.0);
        side = mat3(place) * normal; paint = tint;
#else
        vec4 world = vec4(position, 1.0);
        side = normal; paint = colour;
#endif
        where = world.xyz;
        gl_Position = camera * world;
    }
"""
_MESH_FRAGMENT = (
    """
    #version 330
    in vec3 where; in vec3 side; in vec4 paint;
    out vec4 pixel;
"""
    + _LIGHT
    + """
    void main() {
        vec3 n = normalize(side);
        if (!gl_FrontFacing) n = -n;
        vec3 base = paint.rgb;
        if (paint.a > 1.5) base *= 1.0 - 0.16 * grid(where.xy);
        float sky = mix(0.56, 1.0, n.z * 0.5 + 0.5);
        float direct = max(dot(n, sun), 0.0);
        if (direct > 0.0) direct *= lit(where, n);
        vec3 light = vec3(1.0, 0.985, 0.96) * (level.x * sky + level.y * direct);
        vec3 shown = filmic(base * light);
        shown = mix(shown, vec3(dot(shown, vec3(0.2126, 0.7152, 0.0722))), calm);
        pixel = vec4(srgb(shown), 1.0);
    }
"""
)
_LINE_VERTEX = """
    #version 330
    in vec3 position;
#ifdef COPIES
    in mat4 place;
#endif
    uniform mat4 camera; uniform vec3 eye; uniform float parallel;
    out float away;
    void main() {
#ifdef COPIES
        vec3 world = (place * vec4(position, 1.0)).xyz;
#else
        vec3 world = position;
#endif
        away = distance(world, eye);
        gl_Position = camera * vec4(mix(world, eye, 0.0012 * (1.0 - parallel)), 1.0);
        gl_Position.z -= parallel * 1e-4;
    }
"""
_LINE_FRAGMENT = """
    #version 330
    in float away;
    uniform float footprint; uniform float parallel;
    out vec4 pixel;
    void main() {
        float wide = footprint * mix(away, 1.0, parallel);
        pixel = vec4(0.03, 0.03, 0.035, 0.62 * clamp(0.022 / wide, 0.16, 1.0));
    }
"""
_PICTURE_VERTEX = """
    #version 330
    in vec3 position; in vec2 corner;
    uniform mat4 camera; uniform vec3 eye; uniform float parallel;
    out vec2 place;
    void main() {
        place = corner;
        gl_Position = camera * vec4(mix(position, eye, 0.0020 * (1.0 - parallel)), 1.0);
        gl_Position.z -= parallel * 2e-4;
    }
"""
_PICTURE_FRAGMENT = """
    #version 330
    in vec2 place; uniform sampler2D content; out vec4 pixel;
    void main() { pixel = gl_FrontFacing ? vec4(texture(content, place).rgb, 1.0) : vec4(0.06, 0.06, 0.07, 1.0); }
"""
_SHADOW_VERTEX = """
    #version 330
    in vec3 position;
#ifdef COPIES
    in mat4 place;
#endif
    uniform mat4 lamp;
    void main() {
#ifdef COPIES
        gl_Position = lamp * place * vec4(position, 1.0);
#else
        gl_Position = lamp * vec4(position, 1.0);
#endif
    }
"""
_SHADOW_FRAGMENT = """
    #version 330
    void main() {}
"""
_BACK_VERTEX = """
    #version 330
    out float down;
    void main() {
        vec2 p = vec2(float((gl_VertexID << 1) & 2), float(gl_VertexID & 2)) * 2.0 - 1.0;
        down = 0.5 - 0.5 * p.y; gl_Position = vec4(p, 1.0, 1.0);
    }
"""
_BACK_FRAGMENT = """
    #version 330
    in float down; uniform vec3 above; uniform vec3 below; out vec4 pixel;
    vec3 srgb(vec3 c) { return mix(12.92 * c, 1.055 * pow(c, vec3(1.0 / 2.4)) - 0.055, step(0.0031308, c)); }
    void main() { pixel = vec4(srgb(mix(above, below, pow(clamp(down, 0.0, 1.0), 1.2))), 1.0); }
"""


class Painter:
    """Holds one description on the graphics card and draws it from any camera."""

    def __init__(self, context: Any) -> None:
        self.context = context
        self.software = any(n in context.info["GL_RENDERER"].lower() for n in ("llvmpipe", "softpipe", "swiftshader"))
        copies = "#version 330\n#define COPIES\n"
        self.mesh = context.program(_clean(_MESH_VERTEX), _clean(_MESH_FRAGMENT))
        self.meshes = context.program(_clean(_MESH_VERTEX, copies), _clean(_MESH_FRAGMENT))
        self.line = context.program(_clean(_LINE_VERTEX), _clean(_LINE_FRAGMENT))
        self.lines = context.program(_clean(_LINE_VERTEX, copies), _clean(_LINE_FRAGMENT))
        self.picture = context.program(_clean(_PICTURE_VERTEX), _clean(_PICTURE_FRAGMENT))
        self.back = context.program(_clean(_BACK_VERTEX), _clean(_BACK_FRAGMENT))
        self.cast = context.program(_clean(_SHADOW_VERTEX), _clean(_SHADOW_FRAGMENT))
        self.casts = context.program(_clean(_SHADOW_VERTEX, copies), _clean(_SHADOW_FRAGMENT))
        self.shadow = context.depth_texture((SHADOW, SHADOW))
        self.shadow.compare_func = "<="
        self.shadow.repeat_x = self.shadow.repeat_y = False
        self.shadow_frame = context.framebuffer(depth_attachment=self.shadow)
        self.backdrop = context.vertex_array(self.back, [])
        self.kept: list[Any] = []
        self.shell: list[Any] = []
        self.shell_key: tuple[Any, ...] = ()
        self.targets: dict[Size, Any] = {}
        self.description: Description | None = None
        self.middle, self.radius = np.zeros(3), 1.0

    def load(self, description: Description) -> None:
        """Puts a description on the card in place of the last one."""
        _released(self.kept)
        _released(self.shell)
        self.shell_key = ()
        self.description = description
        open_parts = [one for one in description.instances if one.shell not in ("wall", "ceiling")]
        few = [one for one in open_parts if len(one.transforms) < MANY]
        self.solid = self._static([one for one in few if one.group != "rigging"], self.kept)
        self.hung = self._static([one for one in few if one.group == "rigging"], self.kept)
        self.many = [self._many(one) for one in open_parts if len(one.transforms) >= MANY]
        self.screens = self._screens(description.screens)
        low, high = np.array(description.low), np.array(description.high)
        self.middle, self.radius = (low + high) / 2, max(float(np.linalg.norm(high - low)) / 2, 1.0)

    def draw(self, camera: Camera, size: Size, target: Any, fine: bool = False) -> None:
        """Draws into a framebuffer of `size` pixels; `fine` with shadows, for a view that rests."""
        context, mood = self.context, MOODS["work"]
        sun = key_light(camera)
        lamp = _lamp_matrix(sun, self.middle, self.radius)
        if fine:
            self._shadowed(lamp)
        target.use()
        context.viewport = (0, 0, *size)
        context.disable(context.DEPTH_TEST | context.BLEND | context.CULL_FACE)
        target.clear(depth=1.0)
        self.back["above"], self.back["below"] = mood.above, mood.below
        self.backdrop.render(context.TRIANGLES, vertices=3)
        if self.description is None:
            return
        context.enable(context.DEPTH_TEST)
        matrix = camera_matrix(camera, size, self.middle, self.radius).T.astype("f4").tobytes()
        self.shadow.use(1)
        for program in (self.mesh, self.meshes):
            program["camera"].write(matrix)
            program["lamp"].write(lamp)
            program["shadow"], program["shaded"] = 1, float(fine)
            program["sun"] = tuple(float(v) for v in sun)
            program["level"], program["exposure"] = (mood.sky, mood.sun), mood.exposure
            program["calm"] = CALM
        shell_faces, shell_lines = self._shell(camera)
        for array in (self.solid[0], self.hung[0], shell_faces):
            if array is not None:
                array.render(context.TRIANGLES)
        for faces, _, _, count, tint, _ in self.many:
            self.meshes["tint"] = tint
            faces.render(context.TRIANGLES, instances=count)
        self._lined(camera, size, matrix, shell_lines)
        for array, texture in self.screens:  # last, a hand nearer than the seams of their panels
            texture.use(0)
            array.render(context.TRIANGLES)

    def _shadowed(self, lamp: bytes) -> None:
        """What the sun sees: everything but walls, ceilings and rigging."""
        context = self.context
        self.shadow_frame.use()
        context.viewport = (0, 0, SHADOW, SHADOW)
        self.shadow_frame.clear(depth=1.0)
        context.enable(context.DEPTH_TEST)
        self.cast["lamp"].write(lamp)
        self.casts["lamp"].write(lamp)
        if self.solid[2] is not None:
            self.solid[2].render(context.TRIANGLES)
        for _, _, shade, count, _, casts in self.many:
            if casts:
                shade.render(context.TRIANGLES, instances=count)

    def _lined(self, camera: Camera, size: Size, matrix: bytes, shell_lines: Any) -> None:
        context = self.context
        context.enable(context.BLEND)
        wide = camera.ortho / size[0] if camera.ortho else 2 * math.tan(math.radians(camera.fov / 2)) / size[0]
        self.line["footprint"] = self.lines["footprint"] = wide
        for program in (self.line, self.lines, self.picture):
            program["camera"].write(matrix)
            program["eye"] = tuple(float(v) for v in camera.eye)
            program["parallel"] = 1.0 if camera.ortho else 0.0
        for array in (self.solid[1], self.hung[1], shell_lines):
            if array is not None:
                array.render(context.LINES)
        for _, edges, _, count, _, _ in self.many:
            if edges is not None:
                edges.render(context.LINES, instances=count)
        context.disable(context.BLEND)

    def image(self, camera: Camera, size: Size, fine: int = 2) -> Any:
        """(h, w, 3) picture, drawn `fine` times as large and averaged."""
        from stagecraft.render.tone import halved

        big = (size[0] * fine, size[1] * fine)
        target = self.target(big)
        self.draw(camera, big, target, fine=True)
        pixels = np.frombuffer(target.read(components=3, alignment=1), np.uint8).reshape(big[1], big[0], 3)[::-1]
        if fine == 1:
            return pixels.copy()
        return np.asarray(np.rint(halved(pixels.astype(np.float32))), np.uint8)

    def target(self, size: Size) -> Any:
        """A framebuffer of our own; the last few sizes are kept."""
        if size not in self.targets:
            if len(self.targets) > 3:
                _, old = self.targets.popitem()
                _released([*old.color_attachments, old.depth_attachment, old])
            colour, depth = self.context.texture(size, 4), self.context.depth_texture(size)
            self.targets[size] = self.context.framebuffer([colour], depth)
        return self.targets[size]

    def depth(self, target: Any, x: int, y: int) -> float:
        """Depth buffer value, 0 … 1, at a pixel counted from below; 1 where nothing is."""
        value = np.frombuffer(target.read(viewport=(x, y, 1, 1), components=1, attachment=-1, dtype="f4"), np.float32)
        return float(value[0])

    # what lies on the card -------------------------------------------------------------------------------------------
    def _static(self, parts: list[Instances], keep: list[Any]) -> tuple[Any, Any, Any]:
        """Faces, lines and shadow of parts that stand alone."""
        if not parts:
            return None, None, None
        rows, edges = [], []
        for one in parts:
            triangles = placed(one)
            normals = turned(one) if one.normals is not None else _flat(triangles)
            kind = 2.0 if one.shell == "floor" else 1.0
            colour = np.broadcast_to(np.array([*_seen(one), kind], np.float32), (len(triangles) * 3, 4))
            rows.append(np.concatenate([triangles.reshape(-1, 3), normals.reshape(-1, 3), colour], axis=1))
            edges.append(_placed_edges(one))
        faces = self._buffer(np.concatenate(rows), keep)
        array = self.context.vertex_array(self.mesh, [(faces, "3f 3f 4f", "position", "normal", "colour")])
        shade = self.context.vertex_array(self.cast, [(faces, "3f 28x", "position")])
        keep += [array, shade]
        return array, self._edges(np.concatenate(edges), keep), shade

    def _edges(self, edges: Floats32, keep: list[Any]) -> Any:
        if not len(edges):
            return None
        array = self.context.vertex_array(self.line, [(self._buffer(edges.reshape(-1, 3), keep), "3f", "position")])
        keep.append(array)
        return array

    def _many(self, one: Instances) -> tuple[Any, Any, Any, int, tuple[float, ...], bool]:
        """Faces, lines and shadow of a mesh with many copies; how many, their colour, and whether they cast shadows."""
        normals = one.normals if one.normals is not None else _flat(one.triangles)
        corners = np.concatenate([one.triangles.reshape(-1, 3), normals.reshape(-1, 3)], axis=1)
        places = self._buffer(np.swapaxes(one.transforms, 1, 2), self.kept)
        mesh = self._buffer(corners, self.kept)
        faces = self.context.vertex_array(
            self.meshes, [(mesh, "3f 3f", "position", "normal"), (places, "16f/i", "place")]
        )
        shade = self.context.vertex_array(self.casts, [(mesh, "3f 12x", "position"), (places, "16f/i", "place")])
        edges = None
        if len(one.edges):
            lines = self._buffer(one.edges.reshape(-1, 3), self.kept)
            edges = self.context.vertex_array(self.lines, [(lines, "3f", "position"), (places, "16f/i", "place")])
            self.kept.append(edges)
        self.kept += [faces, shade]
        return faces, edges, shade, len(one.transforms), (*_seen(one), 1.0), one.group != "rigging"

    def _shell(self, camera: Camera) -> tuple[Any, Any]:
        """Walls and ceilings that this camera does not look through; renewed only when others stand in the way."""
        assert self.description is not None
        shell = tuple(one for one in self.description.instances if one.shell in ("wall", "ceiling"))
        seen = seen_from(replace(self.description, instances=shell), camera).instances
        key = tuple((one.name, len(one.triangles), float(one.triangles.sum())) for one in seen)
        if key != self.shell_key or not self.shell:
            _released(self.shell)
            self.shell_key = key
            self.shell_arrays = self._static(list(seen), self.shell)
        return self.shell_arrays[:2]

    def _screens(self, screens: tuple[LedSurface, ...]) -> list[tuple[Any, Any]]:
        textures: dict[int, Any] = {}
        out = []
        for surface in screens:
            image = surface.image if surface.image is not None else plain_card()
            key = id(surface.image)
            if key not in textures:
                data = np.ascontiguousarray(image[::-1])
                texture = self.context.texture((image.shape[1], image.shape[0]), 3, data.tobytes(), alignment=1)
                texture.build_mipmaps()
                texture.anisotropy = 8.0
                texture.repeat_x = texture.repeat_y = False
                textures[key] = texture
                self.kept.append(texture)
            a, b, c, d = surface.corners
            u0, u1 = surface.uv
            corners = np.array([[*a, u0, 0], [*b, u1, 0], [*c, u1, 1], [*a, u0, 0], [*c, u1, 1], [*d, u0, 1]])
            buffer = self._buffer(corners, self.kept)
            array = self.context.vertex_array(self.picture, [(buffer, "3f 2f", "position", "corner")])
            self.kept.append(array)
            out.append((array, textures[key]))
        return out

    def _buffer(self, values: Any, keep: list[Any]) -> Any:
        buffer = self.context.buffer(np.ascontiguousarray(values, np.float32).tobytes())
        keep.append(buffer)
        return buffer


def camera_matrix(camera: Camera, size: Size, middle: Any, radius: float) -> Any:
    """(4, 4) world → clip, the same view as `camera.project`."""
    frame, eye = axes(camera), np.asarray(camera.eye, float)
    view = np.eye(4)
    view[:3, :3] = frame * [[1.0], [1.0], [-1.0]]
    view[:3, 3] = -view[:3, :3] @ eye
    away = float((np.asarray(middle) - eye) @ frame[2])
    far = max(away + radius * 3, 1.0)
    aspect = size[0] / size[1]
    clip = np.zeros((4, 4))
    if camera.ortho > 0:
        near = min(away - radius * 3, 0.0)
        clip[0, 0], clip[1, 1] = 2 / camera.ortho, 2 * aspect / camera.ortho
        clip[2, 2], clip[2, 3], clip[3, 3] = -2 / (far - near), -(far + near) / (far - near), 1.0
        return clip @ view
    near = max(0.08, (away - radius) * 0.5)
    tan = math.tan(math.radians(camera.fov / 2))
    clip[0, 0], clip[1, 1] = 1 / tan, aspect / tan
    clip[2, 2], clip[2, 3], clip[3, 2] = -(far + near) / (far - near), -2 * far * near / (far - near), -1.0
    return clip @ view


def _lamp_matrix(sun: Floats32, middle: Any, radius: float) -> bytes:
    """World → the sun's own parallel view of everything, as the card wants it."""
    eye = np.asarray(middle, float) + sun.astype(float) * radius * 2
    camera = Camera(tuple(eye), tuple(np.asarray(middle, float)), ortho=radius * 2.1)
    frame = axes(camera)
    matrix = np.eye(4)
    matrix[:3, :3] = frame * [[1 / (radius * 1.05)], [1 / (radius * 1.05)], [1 / (radius * 2.1)]]
    matrix[:3, 3] = -matrix[:3, :3] @ eye - [0, 0, 1]
    return np.asarray(matrix.T, "<f4").tobytes()


def point_at(matrix: Any, x: float, y: float, depth: float) -> Any:
    """World point at −1 … 1 across and up the picture, and a depth buffer value."""
    point = np.linalg.inv(matrix) @ [x, y, 2 * depth - 1, 1.0]
    return point[:3] / point[3]


def _placed_edges(one: Instances) -> Floats32:
    world = one.edges @ np.swapaxes(one.transforms[:, None, :3, :3], 2, 3) + one.transforms[:, None, None, :3, 3]
    return np.asarray(world.reshape(-1, 2, 3), np.float32)


def _seen(one: Instances) -> tuple[float, ...]:
    return tuple(max(c, DARKEST) for c in one.material.colour)


def _flat(triangles: Floats32) -> Floats32:
    across = np.cross(triangles[:, 1] - triangles[:, 0], triangles[:, 2] - triangles[:, 0])
    across /= np.maximum(np.linalg.norm(across, axis=1, keepdims=True), 1e-12)
    return np.repeat(across[:, None], 3, axis=1).astype(np.float32)


def _released(things: list[Any]) -> None:
    for thing in reversed(things):
        thing.release()
    things.clear()


def _clean(source: str, head: str = "#version 330\n") -> str:
    """GLSL wants its version on the first line."""
    return head + source.replace("#version 330", "", 1)
