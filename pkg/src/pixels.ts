/** Pixels between the canvas (RGBA) and the photo program (RGB). */

/** Without the transparency: what is transparent lies on white. */
export function toRgb(rgba: Uint8ClampedArray): Uint8Array {
  const pixels = rgba.length / 4;
  const rgb = new Uint8Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    const alpha = rgba[4 * pixel + 3] ?? 255;
    for (let channel = 0; channel < 3; channel += 1) {
      const level = rgba[4 * pixel + channel] ?? 0;
      rgb[3 * pixel + channel] =
        alpha === 255 ? level : Math.round((level * alpha + 255 * (255 - alpha)) / 255);
    }
  }
  return rgb;
}

/** Opaque. */
export function toRgba(rgb: Uint8Array): Uint8ClampedArray<ArrayBuffer> {
  const pixels = rgb.length / 3;
  const rgba = new Uint8ClampedArray(4 * pixels).fill(255);
  for (let pixel = 0; pixel < pixels; pixel += 1) {
    rgba[4 * pixel] = rgb[3 * pixel] ?? 0;
    rgba[4 * pixel + 1] = rgb[3 * pixel + 1] ?? 0;
    rgba[4 * pixel + 2] = rgb[3 * pixel + 2] ?? 0;
  }
  return rgba;
}
