import { createHash } from 'node:crypto'

/** Hash texts of bytes, upper case as Sysmon writes them. */
export interface Hashes {
  readonly sha256: string
  readonly sha1: string
  readonly md5: string
}

export function hashBytes(bytes: Uint8Array | string): Hashes {
  const digest = (algorithm: string): string =>
    createHash(algorithm).update(bytes).digest('hex').toUpperCase()
  return { sha256: digest('sha256'), sha1: digest('sha1'), md5: digest('md5') }
}

const images = new Map<string, Hashes>()

/** Hashes of an installed program: the same program has the same hashes on every machine. */
export function hashImage(path: string): Hashes {
  const key = path.toLowerCase().replace(/^.*\\/, '')
  const known = images.get(key) ?? hashBytes(`demo image ${key}`)
  images.set(key, known)
  return known
}

export const sysmonHashes = (hashes: Hashes): string =>
  `SHA1=${hashes.sha1},MD5=${hashes.md5},SHA256=${hashes.sha256},IMPHASH=00000000000000000000000000000000`
