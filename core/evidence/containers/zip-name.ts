import yauzl from 'yauzl'
import { type CodePage, decodeCodePage, guessCodePage } from '../../normalise/code-page.ts'

/** Says that a name is UTF-8 (APPNOTE 4.4.4, bit 11). */
const IS_UTF8 = 0x800
/** Info-ZIP's extra field with the name in UTF-8 (APPNOTE 4.6.9). */
const UNICODE_PATH = 0x7075

/**
 * UTF-8 where it is said or where the bytes are such; else the code page that the names prove, else that of DOS. Separators
 * become `/`.
 */
export function zipName(entry: yauzl.Entry, page: CodePage | undefined): string {
  if (isUtf8(entry.fileNameRaw)) return nameAs(entry, entry.generalPurposeBitFlag | IS_UTF8)
  const own = saysName(entry) ? undefined : (eastern(entry.fileNameRaw) ?? page)
  if (own === undefined) return nameAs(entry, entry.generalPurposeBitFlag)
  return decodeCodePage(entry.fileNameRaw, own).text.replaceAll('\\', '/')
}
const nameAs = (entry: yauzl.Entry, flags: number): string =>
  yauzl.getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false)
const isUtf8 = (bytes: Uint8Array): boolean => !new TextDecoder().decode(bytes).includes('\ufffd')
const saysName = (entry: yauzl.Entry): boolean =>
  (entry.generalPurposeBitFlag & IS_UTF8) !== 0 || entry.extraFields.some(({ id }) => id === UNICODE_PATH)

/** Windows writes the names of an archive in the code page of its machine: a short one follows the others. */
export function pageOf(entries: readonly yauzl.Entry[]): CodePage | undefined {
  const names = entries.filter((entry) => !saysName(entry) && !isUtf8(entry.fileNameRaw))
  return eastern(Buffer.concat(names.flatMap(({ fileNameRaw }) => [fileNameRaw, LINE_END])))
}
const LINE_END = Buffer.from('\n')

/** Western names are left to the code page of DOS. */
function eastern(bytes: Uint8Array): CodePage | undefined {
  const page = guessCodePage(bytes)
  return page === 'windows-1252' ? undefined : page
}
