// Images as bytes, their sizes, and rectangles of them.

/** Width and height in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** Rows of `width` pixels of `channels` bytes each, channels last. */
export interface Pixels extends Size {
  readonly channels: number
  readonly bytes: Uint8Array
}

/** A part of an image; `left` and `top` are its first column and row. */
export interface Rectangle extends Size {
  readonly left: number
  readonly top: number
}

/** Bytes of one image. */
export const bytesPerImage = ({ width, height, channels }: Omit<Pixels, 'bytes'>): number =>
  width * height * channels

/** `32 x 32 x 3`: width, height and channels as text. */
export const showPixels = ({ width, height, channels }: Omit<Pixels, 'bytes'>): string =>
  `${width} x ${height} x ${channels}`
