// The color of a pixel: one lamp with a sharp shadow, one wide light with a soft one, light from all around.
in vec3 world;
in vec3 facing;
in vec4 coat;
flat in float piece;
uniform vec3 eye, key, fill, warmth;
uniform float key_strength, fill_strength, ambient;
uniform mat4 to_key, to_fill;
uniform sampler2DShadow key_shadow, fill_shadow;
uniform sampler2D wall_texture;
uniform vec2 wall_size;  // half width, height
uniform vec3 wall_right, wall_up;
uniform vec3 shirt, trousers, shoes, hair, skin;
out vec4 color;
#if MATERIAL >= SKIN
#include "garment.glsl"
#endif

float hash(vec3 p) {
  p = fract(p * .3183099 + .1) * 17.;
  return fract(p.x * p.y * p.z * (p.x + p.y + p.z));
}
float noise(vec3 p) {
  vec3 cell = floor(p), f = fract(p);
  f = f * f * (3. - 2. * f);
  vec2 o = vec2(0, 1);
  vec4 low = vec4(hash(cell), hash(cell + o.yxx), hash(cell + o.xyx), hash(cell + o.yyx));
  vec4 high = vec4(hash(cell + o.xxy), hash(cell + o.yxy), hash(cell + o.xyy), hash(cell + o.yyy));
  vec4 mixed = mix(low, high, f.z);
  return mix(mix(mixed.x, mixed.y, f.x), mix(mixed.z, mixed.w, f.x), f.y);
}
float rough(vec3 p) { return .5 * noise(p) + .3 * noise(p * 2.1) + .2 * noise(p * 4.3); }

const vec2 taps[6] = vec2[](vec2(-.84, -.074), vec2(-.203, .621), vec2(.962, -.195),
                            vec2(.519, .767), vec2(.185, -.893), vec2(-.792, -.598));
float lit(sampler2DShadow map, mat4 to_light, float radius, vec3 n) {
  vec4 q = to_light * vec4(world + n * .012, 1);
  vec3 at = q.xyz / q.w * .5 + .5;
  float sum = 0.;
  for (int i = 0; i < 6; i++) sum += texture(map, vec3(at.xy + taps[i] * radius, at.z - .0015));
  return sum / 6.;
}

// Surface: color, shine, sharpness of the shine; cloth also bends the normal.
vec3 base; float shine = .03, gloss = 20.;
void surface(inout vec3 n) {
#if MATERIAL == WALL
  vec2 at = vec2(dot(world, wall_right) / (2. * wall_size.x) + .5, dot(world, wall_up) / wall_size.y);
  base = pow(texture(wall_texture, at).rgb, vec3(2.2)); shine = .04;
#elif MATERIAL == MAT
  vec2 f = abs(fract(world.xy / vec2(2., 1.5) + vec2(.23, 0.)) - .5);
  float seam = smoothstep(.495, .499, max(f.x, f.y));
  base = vec3(.045, .06, .10) * (.9 + .25 * noise(world * 9.)) * (1. - .6 * seam) + .01 * noise(world * 3.);
#elif MATERIAL == THING
  base = coat.xyz * (.9 + .25 * rough(world * 60.));
  float chalk = smoothstep(.45, .75, rough(world * 22. + 7.)) * .30 * smoothstep(-.2, .6, n.z);
  base = mix(base, vec3(.7), chalk * coat.w); shine = .05; gloss = 12.;
#elif MATERIAL == ROOM
  base = vec3(.30, .29, .28) * (.9 + .2 * noise(world * 2.));
#else
  int worn = garment();
  if (worn < 0) discard;
  if (worn == 0) {
    base = skin * (.88 + .24 * rough(coat.xyz * 30.)); shine = .10; gloss = 16.;
    if (coat.w > 1.75) base = mix(base, vec3(.75), .22 * rough(coat.xyz * 50.));
  } else if (worn < 3) {
    vec3 at = coat.xyz * vec3(7., 7., 11.); float e = .03, here = rough(at);
    vec3 slope = vec3(rough(at + vec3(e, 0, 0)), rough(at + vec3(0, e, 0)), rough(at + vec3(0, 0, e))) - here;
    n = normalize(n - (worn == 1 ? .42 : .34) / e * (slope - n * dot(slope, n)));
    base = (worn == 1 ? shirt : trousers) * (.85 + .3 * here); shine = .015;
  } else if (worn == 3) {
    base = shoes * (.9 + .2 * rough(coat.xyz * 40.)); shine = .10;
    if (coat.z < shoe_top - .115) base = vec3(.02);
  } else {
    base = hair * (.5 + 1.1 * noise(vec3(atan(coat.x, -coat.y + .05) * 26., coat.z * 3., 1.))); shine = .14; gloss = 24.;
  }
#endif
}

void main() {
  vec3 n = normalize(facing), to_eye = normalize(eye - world);
#if MATERIAL >= SKIN
  if (dot(n, to_eye) < 0.) n = -n;
#endif
  surface(n);
  float in_key = lit(key_shadow, to_key, .0045, n), in_fill = lit(fill_shadow, to_fill, .016, n);
  vec3 sum = base * (warmth * key_strength * 1.25 * max(dot(n, key), 0.) * in_key
    + vec3(.80, .86, .95) * fill_strength * .75 * max(dot(n, fill), 0.) * in_fill
    + ambient * mix(vec3(.42, .36, .32), vec3(.85, .9, 1.), n.z * .5 + .5) * (.45 + .55 * in_fill));
  sum += shine * warmth * key_strength * pow(max(dot(n, normalize(key + to_eye)), 0.), gloss) * in_key;
  sum *= 1.12;
  sum = sum * (2.51 * sum + .03) / (sum * (2.43 * sum + .59) + .14);  // film curve
  color = vec4(pow(clamp(sum, 0., 1.), vec3(1. / 2.2)), 1);
}
