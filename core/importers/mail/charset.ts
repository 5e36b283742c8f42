import iconv from 'iconv-lite'
import { decodeCodePage } from '../../normalise/code-page.ts'
import { decodeUtf8 } from '../text-encoding.ts'

/** Labels that mail uses and iconv-lite does not know by that name. */
const LABELS = new Map<string, string>([
  ['iso-2022-jp-1', 'iso-2022-jp'],
  ['cp50220', 'iso-2022-jp'],
  ['iso-8859-8-i', 'iso-8859-8'],
  ['ks_c_5601-1987', 'euc-kr'],
  ['gb2312', 'gb18030'],
  ['x-gbk', 'gb18030'],
])

function decodeAs(label: string, bytes: Uint8Array): string | undefined {
  const known = LABELS.get(label) ?? label
  const decoder = textDecoder(known)
  if (decoder !== undefined) return decoder.decode(bytes)
  return iconv.encodingExists(known) ? iconv.decode(Buffer.from(bytes), known) : undefined
}

/** WHATWG decoders first: browsers and mail clients show what they say. */
function textDecoder(label: string): InstanceType<typeof TextDecoder> | undefined {
  try {
    return new TextDecoder(label)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/**
 * Text of a part. A byte order mark wins (UTF-16 attachments hide links from scanners), then the declared charset when it
 * fits, then UTF-8 when the bytes are, then the code page they prove, or windows-1252, which maps every byte: nothing is lost.
 */
export function decodeText(bytes: Uint8Array, declared: string | undefined): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const label =
    declared
      ?.trim()
      .toLowerCase()
      .replace(/^["']|["']$/g, '') ?? ''
  if (
    label === '' ||
    label === 'us-ascii' ||
    label === 'utf-8' ||
    label === 'utf8' ||
    label.startsWith('unknown')
  )
    return decodeUtf8(bytes) ?? decodeCodePage(bytes).text
  const text = decodeAs(label, bytes)
  if (text === undefined || text.includes('\ufffd'))
    return decodeUtf8(bytes) ?? text ?? decodeCodePage(bytes).text
  return text
}
