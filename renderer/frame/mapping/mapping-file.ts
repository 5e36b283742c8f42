import type { Mapping } from '../../../core/model/mapping.ts'

/** A mapping is small; a larger file is something else. */
const MAX_BYTES = 256 * 1024

/** The mapping in a JSON file; undefined when it is none. The engine checks every field when it is used. */
export async function readMappingFile(file: File): Promise<Mapping | undefined> {
  if (file.size > MAX_BYTES) return undefined
  try {
    const value: unknown = JSON.parse(await file.text())
    return isMapping(value) ? { ...value, constants: value.constants ?? {} } : undefined
  } catch {
    return undefined
  }
}

function isMapping(value: unknown): value is Mapping {
  if (typeof value !== 'object' || value === null) return false
  const { schema, rows, kind, fields } = value as Partial<Record<keyof Mapping, unknown>>
  return schema === 1 && typeof rows === 'string' && typeof kind === 'string' && typeof fields === 'object'
}

/** Hands the mapping to the analyst as a file, for the next case or `redthread import --mapping`. */
export function saveMappingFile(mapping: Mapping): void {
  const url = URL.createObjectURL(
    new Blob([JSON.stringify(mapping, null, 2) + '\n'], { type: 'application/json' }),
  )
  const link = document.createElement('a')
  link.href = url
  link.download = `${mapping.name.replaceAll(/[^\p{L}\p{N}._-]+/gu, '-').slice(0, 80) || 'mapping'}.mapping.json`
  link.click()
  URL.revokeObjectURL(url)
}
