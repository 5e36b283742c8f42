/** The 207 bytes that every compressed RTF assumes to have been written before (MS-OXRTFCP 2.1.2.1). */
const DICTIONARY = Buffer.from(
  '{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript ' +
    '\\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par ' +
    '\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx',
  'latin1',
)
const WINDOW = 4_096
const LZFU = 0x75465a4c
const UNCOMPRESSED = 0x414c454d
/** RTF bodies of real mail stay below some MB; pictures in them are the rest. */
const MAX_RTF_BYTES = 32 << 20

/**
 * Unpacks PidTagRtfCompressed. What comes before damage is kept; the stated size is not trusted.
 * @param room bytes it may grow to
 * @returns undefined when it is no compressed RTF
 */
export function inflateRtf(packed: Buffer, room: number): Buffer | undefined {
  if (packed.length < 16) return undefined
  const kind = packed.readUInt32LE(8)
  const size = Math.min(packed.readUInt32LE(4), MAX_RTF_BYTES, Math.max(0, room))
  if (kind === UNCOMPRESSED) return packed.subarray(16, 16 + size)
  if (kind !== LZFU) return undefined
  // one byte of input makes at most 17/2 bytes: larger sizes are a lie
  const out = Buffer.alloc(Math.min(size, packed.length * 9))
  const window = Buffer.alloc(WINDOW)
  DICTIONARY.copy(window)
  let write = DICTIONARY.length
  let length = 0
  const put = (byte: number): void => {
    if (length < out.length) out[length++] = byte
    window[write] = byte
    write = (write + 1) % WINDOW
  }
  let at = 16
  while (at < packed.length && length < out.length) {
    const control = packed[at++] ?? 0
    for (let bit = 0; bit < 8 && at < packed.length; bit++) {
      if ((control & (1 << bit)) === 0) {
        put(packed[at++] ?? 0)
        continue
      }
      if (at + 1 >= packed.length) return out.subarray(0, length)
      const reference = packed.readUInt16BE(at)
      at += 2
      let from = reference >> 4
      // a reference to where writing stands marks the end
      if (from === write) return out.subarray(0, length)
      for (let count = (reference & 15) + 2; count > 0; count--) {
        put(window[from] ?? 0)
        from = (from + 1) % WINDOW
      }
    }
  }
  return out.subarray(0, length)
}
