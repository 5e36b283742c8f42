import { crc32, createInflateRaw, createZstdDecompress } from 'node:zlib'
import type yauzl from 'yauzl'
import type { Keyring } from './keyring.ts'
import { ByteReader, collectBytes } from './byte-stream.ts'
import { DECODED_CHUNK, decompress } from './decompress.ts'
import { inflate64 } from './deflate64.ts'
import { AES_METHOD, decryptAes, lockBytes, openLock, readAesField } from './zip-aes.ts'
import { decryptZipCrypto, ZIP_CRYPTO_HEADER, ZipCrypto } from './zip-crypto.ts'

const STORED = 0
const DEFLATED = 8
const DEFLATED_64 = 9
const ZSTD = 93
const READ: ReadonlySet<number> = new Set([STORED, DEFLATED, DEFLATED_64, ZSTD])
/** Flag: PKWARE's strong encryption, which nobody but PKWARE reads. */
const STRONG = 0x40
const SIZES_FOLLOW = 8
const SMALLEST_CHUNK = 4096
/** Unpacked bytes after which a password counts as right. */
const ENOUGH_BYTES = 4 * 1024 * 1024

type Stream = AsyncIterable<Uint8Array>
/** Undoes the cipher of a member's raw bytes; the identity for one that has none. */
type Decipher = (raw: (from: number) => Promise<Stream>) => Promise<Stream>
type Unlocked = { readonly decipher: Decipher; readonly method: number; readonly hasCrc: boolean }

const rawOf = (zip: yauzl.ZipFile, entry: yauzl.Entry) => async (from: number, end?: number) =>
  (await zip.openReadStreamPromise(entry, {
    decodeFileData: false,
    start: Math.min(from, entry.compressedSize),
    end: Math.min(end ?? entry.compressedSize, entry.compressedSize),
  })) as Stream

/** How to read a member, or why not: `locked` (no password fits) or a compression nobody reads here. */
export async function unlock(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  keyring: Keyring,
): Promise<Unlocked | 'locked' | { readonly method: number }> {
  const aes = entry.compressionMethod === AES_METHOD ? readAesField(entry) : undefined
  const method = aes?.method ?? entry.compressionMethod
  if (!READ.has(method)) return { method }
  if (!entry.isEncrypted()) return { decipher: (raw) => raw(0), method, hasCrc: true }
  if ((entry.generalPurposeBitFlag & STRONG) !== 0) return 'locked'
  const raw = rawOf(zip, entry)
  const count = aes ? lockBytes(aes) : ZIP_CRYPTO_HEADER
  const lock = (await collectBytes(await raw(0, count), count)) ?? new Uint8Array(0)
  let doubtful: Unlocked | undefined
  for (const password of keyring.candidates()) {
    let found: Unlocked | undefined
    if (aes) {
      const keys = openLock(aes, lock, password)
      const decipher: Decipher | undefined =
        keys && (async (open) => decryptAes(await open(count), entry.compressedSize - count, keys))
      const candidate = decipher && { decipher, method, hasCrc: aes.hasCrc }
      // One in 65,536 passes by chance: another that reads the content is better; if none does, the member is damaged.
      if (candidate && (keyring.hasFitted(password) || (await isReadable(zip, entry, candidate))))
        found = candidate
      else doubtful ??= candidate
    } else if (new ZipCrypto(password).decrypt(lock).at(-1) === checkByte(entry)) {
      const decipher: Decipher = async (open) => decryptZipCrypto(await open(0), password)
      // One password in 256 passes the byte by chance: the content decides.
      const candidate = { decipher, method, hasCrc: true }
      if (await isReadable(zip, entry, candidate)) found = candidate
    }
    if (found) {
      keyring.fitted(password)
      return found
    }
  }
  return doubtful ?? 'locked'
}

/** Last byte of the cipher's header: of the CRC, or of the time when the CRC was not known yet. */
const checkByte = (entry: yauzl.Entry): number =>
  (entry.generalPurposeBitFlag & SIZES_FOLLOW) !== 0
    ? (entry.lastModFileTime >>> 8) & 0xff
    : entry.crc32 >>> 24

/** By the CRC at its end; of a packed member as much unpacks by chance only if the password is right. */
async function isReadable(zip: yauzl.ZipFile, entry: yauzl.Entry, unlocked: Unlocked): Promise<boolean> {
  try {
    let bytes = 0
    for await (const chunk of openContent(zip, entry, unlocked)) {
      bytes += chunk.length
      if (unlocked.method !== STORED && bytes > ENOUGH_BYTES) break
    }
    return true
  } catch {
    return false
  }
}

/**
 * The content of a member, checked against the size and CRC of the directory.
 * @param onRaw told how many packed bytes have been read
 * @throws Error after the last good byte when the member is cut off, changed or longer than it says
 */
export async function* openContent(
  zip: yauzl.ZipFile,
  entry: yauzl.Entry,
  { decipher, method, hasCrc }: Unlocked,
  onRaw?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  const raw = rawOf(zip, entry)
  const counted = async (from: number): Promise<Stream> => count(await raw(from), from, onRaw)
  const packed = await decipher(counted)
  const content =
    method === STORED
      ? packed
      : method === DEFLATED_64
        ? inflate64(new ByteReader(packed))
        : decompress(
            method === ZSTD ? createZstdDecompress(chunks(entry)) : createInflateRaw(chunks(entry)),
            new ByteReader(packed),
          )
  let bytes = 0
  let sum = 0
  for await (const chunk of content) {
    bytes += chunk.length
    sum = crc32(chunk, sum)
    yield chunk
  }
  if (bytes !== entry.uncompressedSize) throw new Error(`${bytes} bytes instead of ${entry.uncompressedSize}`)
  if (hasCrc && sum !== entry.crc32) throw new Error('CRC-32 does not fit')
}

/** Ten thousand small members need no buffer of a large one each. */
const chunks = ({ uncompressedSize }: yauzl.Entry) => ({
  chunkSize: Math.min(DECODED_CHUNK, Math.max(SMALLEST_CHUNK, uncompressedSize)),
})

async function* count(
  stream: Stream,
  from: number,
  onRaw?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let bytes = from
  for await (const chunk of stream) {
    bytes += chunk.length
    onRaw?.(bytes)
    yield chunk
  }
}
