import { readdirSync } from 'node:fs'
import { extname, join, sep } from 'node:path'

/**
 * The page may load its own files and talk to its own origin; nothing else exists for it (trust.md 1.3). Styles are
 * `unsafe-inline` because Cytoscape, uPlot and the report preview (a script-less srcdoc frame, which inherits this
 * policy) bring style elements, and the report carries its fonts as data: URLs; with no remote source allowed anywhere,
 * a style can send nothing out.
 */
export const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "worker-src 'self'",
  "frame-src 'none'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of every answer of both hosts that serve the renderer. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy': CONTENT_SECURITY_POLICY,
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), microphone=(), geolocation=(), usb=(), serial=(), hid=()',
  'Cache-Control': 'no-store',
}

const CONTENT_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.woff', 'font/woff'],
  ['.wasm', 'application/wasm'],
])

export interface WebFile {
  readonly path: string
  readonly contentType: string
}

/**
 * Every built file by its URL path. Requests are looked up in this map as they are written, without any decoding, so no
 * spelling of `..` can reach another file (trust.md 1.3, item 18).
 */
export function listWebFiles(folder: string): ReadonlyMap<string, WebFile> {
  const files = new Map<string, WebFile>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const url = path.slice(folder.length).split(sep).join('/')
    const contentType = CONTENT_TYPES.get(extname(entry.name)) ?? 'application/octet-stream'
    files.set(url.startsWith('/') ? url : `/${url}`, { path, contentType })
  }
  const index = files.get('/index.html')
  if (index) files.set('/', index)
  return files
}
