import { toAbsolute } from './command-line.ts'
import { useOf } from './file-names.ts'

/** Files taken out of one script; a script that names more sets up a machine. */
const MAX_FILES = 16
/** What PowerShell writes files with, with the place of the file as a literal behind it. */
const WRITES: readonly RegExp[] = [
  /\bWriteAll(?:Bytes|Text|Lines)\s*\(\s*["']([^"'\r\n]{3,400})["']/gi,
  /\b(?:Out-File|Set-Content|Add-Content|Tee-Object)\b[^\r\n;|]{0,200}?(?:-(?:FilePath|Path|LiteralPath)\s+)?["']([a-z]:\\[^"'\r\n]{2,400})["']/gi,
  /\bExpand-Archive\b[^\r\n;|]{0,300}?-DestinationPath\s+["']([a-z]:\\[^"'\r\n]{2,400})["']/gi,
  /\b(?:Copy-Item|Move-Item|Rename-Item)\b[^\r\n;|]{0,400}?(?:-Destination|-NewName)\s+["']?([a-z]:\\[^"'\r\n;|]{2,400})["']?/gi,
  /New-Object\s+(?:System\.)?IO\.FileStream\s*\(?\s*["']([a-z]:\\[^"'\r\n]{2,400})["']\s*,\s*(?:\[[\w.]+\]::)?["']?Create/gi,
]

/**
 * Files that can be run or opened and that a script writes under a literal, absolute name. Logs and data are left out: they
 * tell nothing of an attack.
 */
export function writtenFiles(script: string): string[] {
  const found = new Map<string, string>()
  for (const pattern of WRITES) {
    for (const match of script.matchAll(pattern)) {
      const path = toAbsolute((match[1] ?? '').trim())
      if (path !== undefined && useOf(path) !== undefined && !/\.(?:csv|xml|html?)$/i.test(path))
        found.set(path.toLowerCase(), path)
      if (found.size > MAX_FILES) return []
    }
  }
  return [...found.values()]
}
