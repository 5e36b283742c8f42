import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { Manifest } from '../../contract/nouns/verify.ts'

/** A manifest lists files; one beyond this is none of ours (a hostile file of gigabytes would be read into memory). */
const MAX_BYTES = 64 * 1024 * 1024

const ZEROS = '0'.repeat(64)
const SELF = /"self": "([0-9a-f]{64})"\n\}\n$/

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** The text of a manifest; its last field is its own hash. */
export function writeManifest(manifest: Omit<Manifest, 'self'>): string {
  const text = `${JSON.stringify({ ...manifest, self: ZEROS }, undefined, 1)}\n`
  return text.replace(SELF, () => `"self": "${hashOf(text)}"\n}\n`)
}

export type ManifestReading =
  | { readonly manifest: Manifest; readonly isWhole: boolean }
  | { readonly manifest: undefined; readonly isWhole: false }

/** Reads a manifest; `isWhole` is false when any byte of it is another than was written, `manifest` undefined when it cannot be read. */
export async function readManifest(path: string): Promise<ManifestReading> {
  const { size } = await stat(path)
  if (size > MAX_BYTES) return { manifest: undefined, isWhole: false }
  const bytes = await readFile(path)
  const text = bytes.toString('utf8')
  const self = SELF.exec(text)?.[1]
  const zeroed = text.replace(SELF, () => `"self": "${ZEROS}"\n}\n`)
  // Bytes that are no UTF-8 would come out changed.
  const isText = Buffer.from(text, 'utf8').equals(bytes)
  const isWhole = isText && self !== undefined && hashOf(zeroed) === self
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    if (cause instanceof SyntaxError) return { manifest: undefined, isWhole: false }
    throw cause
  }
  const parsed = Manifest.safeParse(value)
  return parsed.success ? { manifest: parsed.data, isWhole } : { manifest: undefined, isWhole: false }
}
