/** Code pages of DOS and of consoles, which no browser knows. */
const CONSOLE_PAGES: ReadonlySet<string> = new Set([
  'cp437',
  'cp737',
  'cp775',
  'cp850',
  'cp852',
  'cp857',
  'cp858',
  'cp860',
  'cp862',
  'cp863',
  'cp865',
  'cp866',
  'cp869',
])

/** Legacy encodings that are offered by name; every other WHATWG label is taken as well. */
export const OFFERED_ENCODINGS = [
  'big5',
  'shift_jis',
  'euc-jp',
  'iso-2022-jp',
  'gb18030',
  'euc-kr',
  'windows-1250',
  'windows-1251',
  'windows-1252',
  'windows-1253',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'windows-1257',
  'windows-1258',
  'windows-874',
  'koi8-r',
  'cp437',
  'cp850',
  'cp866',
  'utf-16le',
  'utf-16be',
] as const

/** True for a name that text can be read in: a WHATWG label or a code page of consoles. */
export function isEncoding(label: string): boolean {
  if (CONSOLE_PAGES.has(label.toLowerCase())) return true
  try {
    new TextDecoder(label)
    return true
  } catch (error) {
    if (error instanceof RangeError) return false
    throw error
  }
}
