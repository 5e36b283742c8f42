import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ManifestSignature } from '../../contract/nouns/verify.ts'
import { WorkbenchError } from '../../model/errors.ts'
import { toReadRefusal } from '../../model/file-refusal.ts'
import { toFileError } from '../../jobs/file-error.ts'

/** A key is some hundred bytes; a file beyond this is none (a disk image would be read into memory). */
const MAX_KEY_BYTES = 64 * 1024
/** Stands in place of the signature while the text that is signed is made: 64 bytes in base64. */
export const NO_SIGNATURE = `${'A'.repeat(86)}==`

const derOf = (key: KeyObject): Buffer => key.export({ type: 'spki', format: 'der' })

/** How people compare keys: SHA-256 of the public key (SPKI, DER). */
export const keyFingerprint = (key: KeyObject): string =>
  createHash('sha256').update(derOf(key)).digest('hex')

/** What is said of a file that holds no such key. */
type Unfit = 'key.invalid' | 'key.not_public'

async function readPem(path: string, unfit: Unfit): Promise<string> {
  const file = basename(path)
  try {
    const found = await stat(path)
    if (!found.isFile() || found.size > MAX_KEY_BYTES) throw new WorkbenchError(unfit, { file })
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof WorkbenchError) throw cause
    throw toReadRefusal(cause, file)
  }
}

function ed25519(make: () => KeyObject, path: string, unfit: Unfit): KeyObject {
  let key: KeyObject
  try {
    key = make()
  } catch (cause) {
    throw new WorkbenchError(unfit, { file: basename(path) }, { cause })
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new WorkbenchError(unfit, { file: basename(path) })
  return key
}

/** The analyst's private key out of a PEM file. @throws WorkbenchError `key.invalid` (no key, another kind, wrong passphrase) */
export async function readPrivateKey(path: string, passphrase: string | null): Promise<KeyObject> {
  const pem = await readPem(path, 'key.invalid')
  return ed25519(
    () => createPrivateKey(passphrase === null ? pem : { key: pem, passphrase, format: 'pem' }),
    path,
    'key.invalid',
  )
}

/** A private key of any kind and tool, locked or not. Its public half could be had from it; but whoever checks has no business with it. */
const PRIVATE_KEY = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----|^PuTTY-User-Key-File/mu

/** A public key out of a PEM file. @throws WorkbenchError `key.not_public`, `key.private` (also when it is locked) */
export async function readPublicKey(path: string): Promise<KeyObject> {
  const pem = await readPem(path, 'key.not_public')
  if (PRIVATE_KEY.test(pem)) throw new WorkbenchError('key.private', { file: basename(path) })
  return ed25519(() => createPublicKey(pem), path, 'key.not_public')
}

/**
 * Makes a key pair: the private key at `path` (PEM, PKCS #8, readable by its owner alone, AES-256 under a passphrase), the public one
 * beside it as `path.pub`. A file that is there is never written over.
 * @throws WorkbenchError `key.exists`, `store.unwritable`
 */
export async function makeKey(
  path: string,
  passphrase: string | null,
): Promise<{ path: string; publicPath: string; fingerprint: string }> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  const locked = passphrase === null ? {} : { cipher: 'aes-256-cbc', passphrase }
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem', ...locked })
  const publicPath = `${path}.pub`
  for (const [place, text, mode] of [
    [path, pem, 0o600],
    [publicPath, publicKey.export({ type: 'spki', format: 'pem' }), 0o644],
  ] as const)
    try {
      await writeFile(place, text, { flag: 'wx', mode })
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')
        throw new WorkbenchError('key.exists', { file: basename(place) }, { cause })
      throw toFileError(cause, place)
    }
  return { path, publicPath, fingerprint: keyFingerprint(publicKey) }
}

/** Signs a text (the manifest with {@link NO_SIGNATURE} and zeros in it). */
export const signText = (text: string, key: KeyObject): string =>
  sign(null, Buffer.from(text, 'utf8'), key).toString('base64')

/** The part of a manifest that says whose signature it carries. */
export function unsigned(key: KeyObject): ManifestSignature {
  return {
    algorithm: 'Ed25519',
    publicKey: derOf(createPublicKey(key)).toString('base64'),
    value: NO_SIGNATURE,
  }
}

/** Whether a text was signed with the key the signature names; its fingerprint. Undefined: the key in it is none. */
export function checkSignature(
  text: string,
  { publicKey, value }: ManifestSignature,
): { readonly isValid: boolean; readonly fingerprint: string } | undefined {
  let key: KeyObject
  try {
    key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })
  } catch (cause) {
    // Whatever the library makes of bytes that are no key.
    if (!(cause instanceof Error)) throw cause
    return undefined
  }
  if (key.asymmetricKeyType !== 'ed25519') return undefined
  const isValid = verify(null, Buffer.from(text, 'utf8'), key, Buffer.from(value, 'base64'))
  return { isValid, fingerprint: keyFingerprint(key) }
}
