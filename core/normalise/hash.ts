/** Hashes of one file, lower-case hex. */
export interface FileHashes {
  readonly sha256?: string | undefined
  readonly sha1?: string | undefined
  readonly md5?: string | undefined
}

const DIGITS = new Map([
  [64, 'sha256'],
  [40, 'sha1'],
  [32, 'md5'],
] as const)

/** A bare hash by its length; undefined when it is none or all zeros (Sysmon writes zeros for "not computed"). */
export function toHash(
  text: string | undefined,
): { kind: 'sha256' | 'sha1' | 'md5'; hash: string } | undefined {
  const hash = text?.trim().toLowerCase()
  if (hash === undefined || !/^[0-9a-f]+$/.test(hash) || /^0+$/.test(hash)) return undefined
  const kind = DIGITS.get(hash.length as 64 | 40 | 32)
  return kind === undefined ? undefined : { kind, hash }
}

/** Sysmon's `Hashes`: `SHA1=..,MD5=..,SHA256=..,IMPHASH=..` in any order and selection, or one bare hash. */
export function parseHashes(text: string | undefined): FileHashes {
  const found = new Map<string, string>()
  for (const part of (text ?? '').split(/[,;|]/)) {
    const sign = part.indexOf('=')
    const label = sign < 0 ? '' : part.slice(0, sign).trim().toLowerCase()
    const hash = toHash(part.slice(sign + 1))
    // IMPHASH has the length of an MD5 and is none.
    if (hash !== undefined && (label === '' || label === hash.kind)) found.set(hash.kind, hash.hash)
  }
  return { sha256: found.get('sha256'), sha1: found.get('sha1'), md5: found.get('md5') }
}
