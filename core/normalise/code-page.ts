/** Text that is no UTF-8: in which of the code pages of our users' machines it was written. */

export type CodePage = 'shift_jis' | 'big5' | 'windows-1252'

const decoders: Readonly<Record<CodePage, InstanceType<typeof TextDecoder>>> = {
  shift_jis: new TextDecoder('shift_jis'),
  big5: new TextDecoder('big5'),
  'windows-1252': new TextDecoder('windows-1252'),
}

/**
 * Text of bytes that are no UTF-8. Windows-1252 maps every byte, so nothing is lost when the guess is wrong.
 * @param known what earlier lines of the same file were surely written in; a line that says too little follows it
 */
export function decodeCodePage(bytes: Uint8Array, known?: CodePage): { text: string; page: CodePage } {
  const page = guessCodePage(bytes) ?? known ?? 'windows-1252'
  return { text: decoders[page].decode(bytes), page }
}

/** The code page when the bytes prove one, undefined when they fit several and say too little. */
export function guessCodePage(bytes: Uint8Array): CodePage | undefined {
  const japanese = walk(bytes, SHIFT_JIS)
  const chinese = walk(bytes, BIG5)
  const isJapanese = isSure(japanese)
  const isChinese = isSure(chinese) && (chinese.doubles < FEW || chinese.lowTrails > 0)
  if (isJapanese && isChinese) return share(chinese) > share(japanese) ? 'big5' : 'shift_jis'
  if (isJapanese) return 'shift_jis'
  if (isChinese) return 'big5'
  return japanese.isValid || chinese.isValid ? undefined : 'windows-1252'
}

/** How a code page of one and two bytes a character is built. */
interface Shape {
  readonly isLead: (byte: number) => boolean
  readonly isTrail: (byte: number) => boolean
  /** First bytes of the characters that texts consist of. */
  readonly isUsual: (byte: number) => boolean
  readonly isSingle: (byte: number) => boolean
}
const within = (byte: number, from: number, to: number): boolean => byte >= from && byte <= to
const SHIFT_JIS: Shape = {
  isLead: (byte) => within(byte, 0x81, 0x9f) || within(byte, 0xe0, 0xfc),
  isTrail: (byte) => within(byte, 0x40, 0x7e) || within(byte, 0x80, 0xfc),
  // kana, full-width letters and the kanji of JIS level 1
  isUsual: (byte) => within(byte, 0x81, 0x84) || within(byte, 0x88, 0x98),
  // half-width katakana
  isSingle: (byte) => within(byte, 0xa1, 0xdf),
}
const BIG5: Shape = {
  isLead: (byte) => within(byte, 0x81, 0xfe),
  isTrail: (byte) => within(byte, 0x40, 0x7e) || within(byte, 0xa1, 0xfe),
  // punctuation and the frequently used characters
  isUsual: (byte) => within(byte, 0xa1, 0xc6),
  isSingle: () => false,
}

interface Walk {
  readonly isValid: boolean
  readonly doubles: number
  readonly usual: number
  readonly singles: number
  /** Characters of two bytes that stand beside another: an accented letter of a Latin text stands alone. */
  readonly inRuns: number
  /** Second bytes below 0x80, which the other Chinese and Korean code pages never have. */
  readonly lowTrails: number
}

function walk(bytes: Uint8Array, shape: Shape): Walk {
  const found = { isValid: true, doubles: 0, usual: 0, singles: 0, inRuns: 0, lowTrails: 0 }
  let run = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte < 0x80) run = 0
    else if (shape.isSingle(byte)) {
      found.singles += 1
      run = 0
    } else {
      const trail = bytes[at + 1]
      // the last character of a sample may be cut
      if (trail === undefined && shape.isLead(byte)) break
      if (trail === undefined || !shape.isLead(byte) || !shape.isTrail(trail))
        return { ...found, isValid: false }
      found.doubles += 1
      if (shape.isUsual(byte)) found.usual += 1
      if (trail < 0x80) found.lowTrails += 1
      run += 1
      found.inRuns += run === 1 ? 0 : run === 2 ? 2 : 1
      at += 1
    }
  }
  return found
}

/** Below so many characters the kinds of second bytes say nothing. */
const FEW = 8
const share = ({ usual, doubles }: Walk): number => usual / doubles
const isSure = (found: Walk): boolean =>
  found.isValid &&
  found.inRuns >= 2 &&
  found.inRuns >= found.doubles / 2 &&
  share(found) >= 0.6 &&
  found.singles <= found.doubles
