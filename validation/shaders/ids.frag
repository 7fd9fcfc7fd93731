// What is in front at each pixel: red is the object, green the part of its body.
in vec3 world;
in vec3 facing;
in vec4 coat;
flat in float piece;
uniform float object;  // 0: the piece itself says what it is
out vec4 color;
#ifdef BODY
#include "garment.glsl"
#endif

void main() {
#ifdef BODY
  if (garment() < 0) discard;
  color = vec4(object, piece, 0, 255) / 255.;
#else
  color = vec4(piece, 0, 0, 255) / 255.;
#endif
}
