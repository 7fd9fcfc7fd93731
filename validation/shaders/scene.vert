// One vertex of anything. `place` and `normal` are in the world.
in vec3 place;
in vec3 normal;
in vec4 cloth;  // bodies: place at rest for a height of 1.75 m, and how far along the arm; else: color
in float part;  // bodies: part of the body; else: what it is
uniform mat4 to_clip;
out vec3 world;
out vec3 facing;
out vec4 coat;
flat out float piece;

void main() {
  world = place;
  facing = normal;
  coat = cloth;
  piece = part;
  gl_Position = to_clip * vec4(place, 1);
}
