/** Folders a standard user cannot write to, where the programs of Windows and installed software live. */
const PROTECTED = [
  /^[a-z]:\\windows\\/,
  /^[a-z]:\\program files( \(x86\))?\\/,
  /^[a-z]:\\programdata\\microsoft\\windows defender\\/,
]
/** Folders below them that anybody may write to: well-known hiding places, so a program there is not of the system. */
const WRITABLE = [
  /^[a-z]:\\windows\\(temp|tasks|tracing|debug\\wia|registration\\crmlog|addins)\\/,
  /^[a-z]:\\windows\\system32\\(tasks|spool\\drivers\\color|spool\\printers|microsoft\\crypto\\rsa\\machinekeys|com\\dmp|fxstmp)\\/,
  /^[a-z]:\\windows\\syswow64\\(tasks|com\\dmp|fxstmp)\\/,
]
/** Kernel-provided images that are no files: `System`, `Registry`, `MemCompression`, `Idle`. */
const isPath = (path: string) =>
  /^[a-z]:\\/.test(path) || path.startsWith('\\\\') || path.startsWith('\\device\\') || path.startsWith('/')

/** Folders of installed programs on Linux and macOS, for Sysmon for Linux and osquery. */
const UNIX_PROTECTED = /^\/(usr|bin|sbin|lib|lib64|opt|snap|System|Applications|Library)\//

/** Whether a program lies where installed software lies and users cannot write; kernel images without a path count as such. */
export function isInSystemFolder(path: string): boolean {
  const folded = path.toLowerCase()
  if (!isPath(folded)) return true
  if (folded.startsWith('/')) return UNIX_PROTECTED.test(path)
  return PROTECTED.some((folder) => folder.test(folded)) && !WRITABLE.some((folder) => folder.test(folded))
}

/** Whether the image of a process names a file (kernel processes such as `System` do not). */
export const isFilePath = (path: string): boolean => isPath(path.toLowerCase())
