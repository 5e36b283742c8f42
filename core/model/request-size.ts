/**
 * Most bytes of one request to the engine, as JSON. A program that sends without end would fill memory; the largest honest input is a
 * list of a hundred thousand indicators that was read and is to be searched for or saved.
 */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** Parameters of `request.too_large`: what was sent and what may be sent, in MiB. */
export const sizeParams = (bytes: number): { size: string; limit: number } => ({
  size: (bytes / 1024 / 1024).toFixed(1),
  limit: MAX_REQUEST_BYTES / 1024 / 1024,
})
