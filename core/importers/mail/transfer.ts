const EQUALS = 0x3d
const LF = 0x0a
const CR = 0x0d

export interface DecodedTransfer {
  readonly bytes: Uint8Array
  /** Characters that the encoding does not have, or a group cut short: some bytes are lost. */
  readonly isDamaged: boolean
}

/** Body bytes with their transfer encoding undone (RFC 2045, 6); unknown encodings are taken as they are. */
export function decodeTransfer(body: Uint8Array, encoding: string): DecodedTransfer {
  const name = encoding.replace(/\([^()]*\)/g, '').trim()
  if (/^(?:base64|b)\b/.test(name)) return decodeBase64(body)
  if (name.startsWith('quoted-printable')) return decodeQuotedPrintable(body)
  if (/^(?:x-)?uue(?:ncode)?\b/.test(name)) return decodeUu(body)
  return { bytes: body, isDamaged: false }
}

/** What a byte is in base64: 1 significant, 2 padding, 3 space, 0 foreign. */
const BASE64_CLASS = Uint8Array.from({ length: 256 }, (_, byte) => {
  const character = String.fromCharCode(byte)
  if (/[A-Za-z0-9+/]/.test(character)) return 1
  return character === '=' ? 2 : /[\s\0]/.test(character) ? 3 : 0
})

/** Foreign characters are skipped; padding inside (joined base64 texts) starts a new group. */
function decodeBase64(body: Uint8Array): DecodedTransfer {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength)
  let group = 0
  let isForeign = false
  let isJoined = false
  let padded = false
  let isShort = false
  for (const byte of bytes) {
    const what = BASE64_CLASS[byte]
    if (what === 1) {
      if (padded) isJoined = true
      group++
    } else if (what === 2) {
      if (group % 4 === 1) isShort = true
      padded = true
      group = 0
    } else if (what === 0) isForeign = true
  }
  const isDamaged = isForeign || isShort || group % 4 === 1
  const text = bytes.toString('latin1')
  if (!isJoined) return { bytes: Buffer.from(text, 'base64'), isDamaged }
  return { bytes: Buffer.concat(text.split(/=+/).map((piece) => Buffer.from(piece, 'base64'))), isDamaged }
}

const hexValue = (byte: number | undefined): number => {
  if (byte === undefined) return -1
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function decodeQuotedPrintable(body: Uint8Array): DecodedTransfer {
  const out = Buffer.allocUnsafe(body.length)
  let length = 0
  let isDamaged = false
  for (let at = 0; at < body.length; at++) {
    const byte = body[at] ?? 0
    if (byte !== EQUALS) {
      out[length++] = byte
      continue
    }
    const high = hexValue(body[at + 1])
    const low = hexValue(body[at + 2])
    if (high >= 0 && low >= 0) {
      out[length++] = high * 16 + low
      at += 2
      continue
    }
    let next = at + 1
    while (body[next] === 0x20 || body[next] === 0x09) next++
    if (body[next] === CR && body[next + 1] === LF) next++
    // a soft line break vanishes, also at the very end; any other `=` stays as written
    if (next >= body.length || body[next] === LF) at = next
    else {
      out[length++] = byte
      isDamaged = true
    }
  }
  return { bytes: out.subarray(0, length), isDamaged }
}

/** uuencode: a length character and groups of four per line, between `begin` and `end`. */
function decodeUu(body: Uint8Array): DecodedTransfer {
  const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('latin1')
  const out = Buffer.alloc(body.length)
  let length = 0
  let isDamaged = false
  for (const line of text.split(/\r?\n/)) {
    if (/^(?:begin(?:-base64)? \d{3,4} |end\s*$|`?\s*$)/.test(line)) continue
    const end = length + ((line.charCodeAt(0) - 32) & 63)
    const six = (at: number): number => ((line.charCodeAt(at) || 32) - 32) & 63
    for (let at = 1; at < line.length && length < end; at += 4) {
      out[length++] = (six(at) << 2) | (six(at + 1) >> 4)
      if (length < end) out[length++] = ((six(at + 1) & 15) << 4) | (six(at + 2) >> 2)
      if (length < end) out[length++] = ((six(at + 2) & 3) << 6) | six(at + 3)
    }
    if (length < end) isDamaged = true
  }
  return { bytes: out.subarray(0, length), isDamaged }
}
