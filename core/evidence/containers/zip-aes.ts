import { createCipheriv, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto'
import type yauzl from 'yauzl'

/** Compression method of members under WinZip's AES (AE-1 and AE-2); the real one stands in the extra field. */
export const AES_METHOD = 99
const EXTRA_ID = 0x9901
const ITERATIONS = 1000
const VERIFIER = 2
/** First bytes of HMAC-SHA1 over what is enciphered, behind it. */
const CODE = 10
const BLOCK = 16
/** Counter blocks enciphered at once. */
const BLOCKS = 4096

/** What the extra field of a member says. */
export interface AesMember {
  readonly keyBytes: number
  readonly saltBytes: number
  /** Compression below the cipher. */
  readonly method: number
  /** AE-2 leaves the CRC out: the code at the end vouches for the bytes. */
  readonly hasCrc: boolean
}

/** Undefined when the field is missing or names a strength that does not exist. */
export function readAesField(entry: yauzl.Entry): AesMember | undefined {
  const data = entry.extraFields.find((field) => field.id === EXTRA_ID)?.data
  if (!data || data.length < 7) return undefined
  const strength = data.readUInt8(4)
  if (strength < 1 || strength > 3) return undefined
  return {
    keyBytes: 8 + strength * 8,
    saltBytes: 4 + strength * 4,
    method: data.readUInt16LE(5),
    hasCrc: data.readUInt16LE(0) === 1,
  }
}

export interface AesKeys {
  readonly cipher: Buffer
  readonly code: Buffer
}

/** How many bytes of a member tell whether a password fits. */
export const lockBytes = (member: AesMember): number => member.saltBytes + VERIFIER

/** The keys of a password, undefined when it does not fit. @param lock the first {@link lockBytes} of the member */
export function openLock(member: AesMember, lock: Uint8Array, password: Uint8Array): AesKeys | undefined {
  const { keyBytes, saltBytes } = member
  const salt = lock.subarray(0, saltBytes)
  const derived = pbkdf2Sync(password, salt, ITERATIONS, keyBytes * 2 + VERIFIER, 'sha1')
  const verifier = lock.subarray(saltBytes)
  if (verifier.length !== VERIFIER || !timingSafeEqual(derived.subarray(keyBytes * 2), verifier))
    return undefined
  return { cipher: derived.subarray(0, keyBytes), code: derived.subarray(keyBytes, keyBytes * 2) }
}

/**
 * Deciphers a member whose lock is already behind: AES in counter mode, the counter little-endian from 1.
 * @param bytes length of what follows the lock, the code at the end included
 * @throws Error at the end when the code does not fit: the member was changed
 */
export async function* decryptAes(
  stream: AsyncIterable<Uint8Array>,
  bytes: number,
  keys: AesKeys,
): AsyncGenerator<Uint8Array> {
  const mac = createHmac('sha1', keys.code)
  const keystream = new Keystream(keys.cipher)
  let left = Math.max(0, bytes - CODE)
  const code: Uint8Array[] = []
  for await (const chunk of stream) {
    const body = chunk.subarray(0, left)
    left -= body.length
    if (body.length < chunk.length) code.push(chunk.subarray(body.length))
    if (body.length === 0) continue
    mac.update(body)
    yield keystream.apply(body)
  }
  const found = Buffer.concat(code)
  if (left > 0 || found.length !== CODE || !timingSafeEqual(mac.digest().subarray(0, CODE), found))
    throw new Error('authentication code does not fit')
}

class Keystream {
  readonly #cipher
  #counter = 1
  #ready: Uint8Array = new Uint8Array(0)
  constructor(key: Buffer) {
    this.#cipher = createCipheriv(`aes-${key.length * 8}-ecb`, key, null).setAutoPadding(false)
  }
  apply(bytes: Uint8Array): Uint8Array {
    const plain = new Uint8Array(bytes.length)
    for (let at = 0; at < bytes.length; at += 1) {
      if (this.#ready.length === 0) this.#ready = this.#next()
      const run = Math.min(this.#ready.length, bytes.length - at)
      for (let index = 0; index < run; index += 1)
        plain[at + index] = (bytes[at + index] ?? 0) ^ (this.#ready[index] ?? 0)
      this.#ready = this.#ready.subarray(run)
      at += run - 1
    }
    return plain
  }
  #next(): Uint8Array {
    const counters = Buffer.alloc(BLOCKS * BLOCK)
    for (let block = 0; block < BLOCKS; block += 1) {
      counters.writeUInt32LE(this.#counter >>> 0, block * BLOCK)
      counters.writeUInt32LE(Math.floor(this.#counter / 2 ** 32), block * BLOCK + 4)
      this.#counter += 1
    }
    return this.#cipher.update(counters)
  }
}
