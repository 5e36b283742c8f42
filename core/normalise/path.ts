import { present } from './placeholder.ts'

/**
 * Drivers name a volume by number, `\Device\HarddiskVolume3\Windows\...`, prefetch by id, `\VOLUME{...}\WINDOWS\...`: the one with the
 * folders of Windows is `C:` as good as always. Any other volume keeps its number, for nobody knows its letter.
 */
const SYSTEM_VOLUME =
  /^\\(?:Device\\HarddiskVolume\d+|VOLUME\{[0-9a-f-]{1,64}\})\\(Windows|Users|ProgramData|Program Files(?: \(x86\))?)\\/i

/** A file path as Windows shows it: NT and Win32 prefixes (`\??\`, `\\?\`) gone, `\SystemRoot` spelt out. */
export function toPath(text: string | undefined): string | undefined {
  const path = present(text)
  if (path === undefined || /^(?:unknown|<unknown process>)$/i.test(path)) return undefined
  return path
    .replace(/^(?:\\\?\?\\|\\\\\?\\)UNC\\/i, '\\\\')
    .replace(/^(?:\\\?\?\\|\\\\[?.]\\)(?=[a-z]:)/i, '')
    .replace(/^\\SystemRoot\\/i, 'C:\\Windows\\')
    .replace(SYSTEM_VOLUME, 'C:\\$1\\')
}

/** The part behind the last separator of a Windows, UNC, URL or POSIX path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)
}
