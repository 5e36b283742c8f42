import { present } from './placeholder.ts'

/** A file path as Windows shows it: NT and Win32 prefixes (`\??\`, `\\?\`) gone, `\SystemRoot` spelt out. */
export function toPath(text: string | undefined): string | undefined {
  const path = present(text)
  if (path === undefined || /^(?:unknown|<unknown process>)$/i.test(path)) return undefined
  return path
    .replace(/^(?:\\\?\?\\|\\\\\?\\)UNC\\/i, '\\\\')
    .replace(/^(?:\\\?\?\\|\\\\[?.]\\)(?=[a-z]:)/i, '')
    .replace(/^\\SystemRoot\\/i, 'C:\\Windows\\')
}

/** The part behind the last separator of a Windows, UNC, URL or POSIX path. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('\\'), path.lastIndexOf('/')) + 1)
}
