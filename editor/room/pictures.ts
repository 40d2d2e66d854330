/** What the server reads and encodes anew (document/images.py); no SVG, which can carry scripts. */
export const PICTURES = "image/png,image/jpeg,image/webp,image/gif,image/tiff,image/bmp";
export const MOST_BYTES = 20 * 1024 * 1024;
