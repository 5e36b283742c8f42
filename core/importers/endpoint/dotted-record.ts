import { present } from '../../normalise/placeholder.ts'
import { isObject, type JsonObject, scalarText } from '../json/parse-object.ts'
import { listOf } from './values.ts'

/**
 * A record whose fields are named by paths (`process.parent.pid`): nested, with dotted names, or both mixed. Scalars may
 * stand in lists of one.
 */
export class DottedRecord {
  readonly source: JsonObject
  #fields: ReadonlyMap<string, unknown> | undefined

  constructor(source: JsonObject) {
    this.source = source
  }

  /** The value of a field, whichever way its name is cut. */
  value(name: string): unknown {
    return (this.#fields ??= fieldsOf(this.source)).get(name)
  }
  has(name: string): boolean {
    return this.value(name) !== undefined
  }
  /** The first of the fields that has a text; of a list its first entry. */
  text(...names: readonly string[]): string | undefined {
    for (const name of names) {
      const value = this.value(name)
      if (value === undefined || value === null) continue
      const text = Array.isArray(value) ? listOf(value)[0] : present(scalarText(value))
      if (text !== undefined) return text
    }
    return undefined
  }
  list(name: string): string[] {
    return listOf(this.value(name))
  }
  /** Entries in lower case, for comparing. */
  words(name: string): string[] {
    return this.list(name).map((word) => word.toLowerCase())
  }
  /** The objects of a list, each to be read the same way; no more than the limit. */
  records(name: string, limit = 100): DottedRecord[] {
    const value = this.value(name)
    return (Array.isArray(value) ? (value as readonly unknown[]).slice(0, limit) : [value])
      .filter(isObject)
      .map((object) => new DottedRecord(object))
  }
}

/** No field anybody asks for has a longer path; deep nests of long names would otherwise fill the memory with paths. */
const MAX_PATH = 200

/** Every member by its path: what is asked for a hundred times is looked up, not searched for. */
function fieldsOf(source: JsonObject): ReadonlyMap<string, unknown> {
  const fields = new Map<string, unknown>()
  addFields(fields, source, '')
  return fields
}

/** A name written with its dots wins over the same path nested: `{"a.b": 1, "a": {"b": 2}}` says 1. */
function addFields(fields: Map<string, unknown>, object: JsonObject, prefix: string): void {
  for (const key of Object.keys(object)) {
    if (prefix.length + key.length > MAX_PATH) continue
    const value = object[key]
    if (value === undefined) continue
    const path = prefix + key
    if (!fields.has(path) || key.includes('.')) fields.set(path, value)
    const inner: unknown =
      Array.isArray(value) && value.length === 1 ? (value as readonly unknown[])[0] : value
    if (isObject(inner)) addFields(fields, inner, `${path}.`)
  }
}
