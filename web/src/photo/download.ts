/** Saves a picture as a PNG file, made in this tab. */
export async function downloadPng(image: ImageData, name = "adjusted.png"): Promise<void> {
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")?.putImageData(image, 0, 0);
  const url = URL.createObjectURL(await canvas.convertToBlob({ type: "image/png" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the address after the click returns.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
