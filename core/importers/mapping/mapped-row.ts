import type { Mapping } from '../../model/mapping.ts'
import { isObject, type JsonObject, member } from '../json/parse-object.ts'

/** Text of a target in the row at hand: its column or its constant. */
export type TextOf = (target: string) => string | undefined

/** Longest text of one cell that is read; the raw record has the rest. */
const MAX_CELL = 1 << 20

/**
 * Text of a JSON member: `$.a.b[0].c` descends, a plain name is a member of that very name (dots included). Objects and
 * lists are given as JSON.
 */
export function jsonText(object: JsonObject, source: string): string | undefined {
  const value = valueAt(object, source)
  if (value === undefined || value === null) return undefined
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? JSON.stringify(value)
        : String(value as number)
  return text === '' ? undefined : text.slice(0, MAX_CELL)
}

/** Whether the record has the member at all, be it null or empty. */
export const hasSource = (object: JsonObject, source: string): boolean =>
  valueAt(object, source) !== undefined

function valueAt(object: JsonObject, source: string): unknown {
  return source.startsWith('$')
    ? descend(object, source)
    : (member(object, source) ?? descend(object, `$.${source}`))
}

function descend(object: unknown, path: string): unknown {
  let value: unknown = object
  for (const [, name, place] of path.slice(1).matchAll(/\.?([^.[\]]+)|\[(\d+)\]/g)) {
    if (place !== undefined) value = Array.isArray(value) ? (value as unknown[])[Number(place)] : undefined
    else value = isObject(value) ? member(value, name ?? '') : undefined
    if (value === undefined) return undefined
  }
  return value
}

/** Constants first, then columns; `read` gives the text of a source. */
export function textOf(mapping: Mapping, read: (source: string) => string | undefined): TextOf {
  return (target) => {
    if (Object.hasOwn(mapping.constants, target)) return mapping.constants[target]
    const source = Object.hasOwn(mapping.fields, target) ? mapping.fields[target] : undefined
    return source === undefined ? undefined : read(source)
  }
}
