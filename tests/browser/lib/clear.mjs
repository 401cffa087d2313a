// The adjustment computed in the clear, pixel by pixel, straight from its definition: what the result is held against.

/** @typedef {{ brightness: number, contrast: number, saturation: number, warmth: number, filter: number[] }} Adjust */

/**
 * @param {import("./picture.mjs").Picture} picture
 * @param {Adjust} adjust
 * @returns {import("./picture.mjs").Picture}
 */
export function adjusted(picture, adjust) {
  const { width, height } = picture;
  const coloured = colour(picture, adjust);
  const side = Math.sqrt(adjust.filter.length);
  const reach = (side - 1) / 2;
  const data = new Uint8Array(picture.data.length).fill(255);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      for (let channel = 0; channel < 3; channel += 1) {
        let sum = 0;
        for (let row = 0; row < side; row += 1) {
          for (let column = 0; column < side; column += 1) {
            const from = inside(y + row - reach, height) * width + inside(x + column - reach, width);
            sum += adjust.filter[row * side + column] * coloured[from * 3 + channel];
          }
        }
        data[(y * width + x) * 4 + channel] = Math.floor(Math.min(255, Math.max(0, sum)) + 0.5);
      }
    }
  }
  return { width, height, data };
}

/** Saturation around the luma, contrast around 128, brightness, warmth: in this order. */
function colour({ width, height, data }, { brightness, contrast, saturation, warmth }) {
  const out = new Float64Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const rgb = [0, 1, 2].map((channel) => data[pixel * 4 + channel]);
    const luma = 0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]; // Rec. 601
    rgb.forEach((value, channel) => {
      const saturated = luma + saturation * (value - luma);
      const contrasted = 128 + contrast * (saturated - 128);
      out[pixel * 3 + channel] = contrasted + brightness + warmth * [1, 0, -1][channel];
    });
  }
  return out;
}

/** The same adjustment as one affine map: the nine weights of M, then the three of b. */
export function affineMap({ brightness, contrast, saturation, warmth }) {
  const image = (rgb) => colour({ width: 1, height: 1, data: [...rgb, 255] }, { brightness, contrast, saturation, warmth });
  const offset = image([0, 0, 0]);
  const columns = [0, 1, 2].map((at) => image([0, 1, 2].map((channel) => (channel === at ? 1 : 0))));
  const matrix = [0, 1, 2].flatMap((row) => columns.map((column) => column[row] - offset[row]));
  return { matrix, offset: [...offset] };
}

/** Borders are replicated. */
function inside(index, length) {
  return Math.min(length - 1, Math.max(0, index));
}
