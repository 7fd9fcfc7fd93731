// Which garment covers a point of a body: 0 skin, 1 shirt, 2 trousers, 3 shoe, 4 hair, -1 nothing (cut away).
// Skin below a garment is cut away too, so that it cannot show through it.
uniform float hem, neck, sleeve, trousers_end, nape, shoe_top;  // heights at rest; sleeve: along the arm

float neckline(float margin) {
  return neck + margin + max(0., abs(coat.x) - .06) * .55 + coat.y * .25;
}

int garment() {
  float height = coat.z, along_arm = coat.w;
#if MATERIAL == HAIR
  return height > nape && (coat.y < .075 || height > nape + .17) ? 4 : -1;
#elif MATERIAL == CLOTHES
  if (along_arm > sleeve) return -1;
  if (along_arm > -.5) return 1;
  if (height > neckline(0.)) return -1;
  if (height < shoe_top) return 3;
  if (height < trousers_end) return -1;
  return height < hem ? 2 : 1;
#else
  if (along_arm > sleeve - .04) return 0;
  if (along_arm > -.5) return -1;
  if (height > neckline(-.02)) return 0;
  if (height < shoe_top - .01) return -1;
  return height < trousers_end + .02 ? 0 : -1;
#endif
}
