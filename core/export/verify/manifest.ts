import { createHash, type KeyObject } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { Manifest } from '../../contract/nouns/verify.ts'
import { checkSignature, NO_SIGNATURE, signText, unsigned } from './signing.ts'

/** A manifest lists files; one beyond this is none of ours (a hostile file of gigabytes would be read into memory). */
const MAX_BYTES = 64 * 1024 * 1024

const ZEROS = '0'.repeat(64)
const SELF = /"self": "([0-9a-f]{64})"\n\}\n$/
/** The signature stands right before the hash of the whole, which covers it. */
const SIGNATURE = /"value": "([A-Za-z0-9+/]{86}==)"\n \},\n "self": "[0-9a-f]{64}"\n\}\n$/

const hashOf = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** The text of a manifest; its last field is its own hash. With a key it carries a signature of all but these two. */
export function writeManifest(manifest: Omit<Manifest, 'self'>, key: KeyObject | null = null): string {
  const { signature: _none, ...plain } = manifest
  const whole = key === null ? { ...plain, self: ZEROS } : { ...plain, signature: unsigned(key), self: ZEROS }
  let text = `${JSON.stringify(whole, undefined, 1)}\n`
  if (key !== null) {
    const value = signText(text, key)
    text = text.replace(SIGNATURE, (end) => end.replace(NO_SIGNATURE, () => value))
  }
  return text.replace(SELF, () => `"self": "${hashOf(text)}"\n}\n`)
}

export interface Signed {
  readonly isValid: boolean
  readonly fingerprint: string
}
export type ManifestReading =
  | { readonly manifest: Manifest; readonly isWhole: boolean; readonly signed: Signed | null }
  | { readonly manifest: undefined; readonly isWhole: false; readonly signed: null }

/**
 * Reads a manifest; `isWhole` is false when any byte of it is another than was written, `manifest` undefined when it cannot be read,
 * `signed` null when it carries no signature.
 */
export async function readManifest(path: string): Promise<ManifestReading> {
  const none: ManifestReading = { manifest: undefined, isWhole: false, signed: null }
  const { size } = await stat(path)
  if (size > MAX_BYTES) return none
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
    if (cause instanceof SyntaxError) return none
    throw cause
  }
  const parsed = Manifest.safeParse(value)
  if (!parsed.success) return none
  const { signature } = parsed.data
  const signed =
    signature === undefined
      ? null
      : (checkSignature(withoutValue(zeroed, signature.value), signature) ?? {
          isValid: false,
          fingerprint: '',
        })
  return { manifest: parsed.data, isWhole, signed }
}

const withoutValue = (zeroed: string, value: string): string =>
  zeroed.replace(SIGNATURE, (end) => end.replace(value, () => NO_SIGNATURE))
