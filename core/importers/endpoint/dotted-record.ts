import { present } from '../../normalise/placeholder.ts'
import { isObject, type JsonObject, member, scalarText } from '../json/parse-object.ts'
import { listOf } from './values.ts'

/**
 * A record whose fields are named by paths (`process.parent.pid`): nested, with dotted names, or both mixed. Scalars may
 * stand in lists of one.
 */
export class DottedRecord {
  readonly source: JsonObject

  constructor(source: JsonObject) {
    this.source = source
  }

  /** The value of a field, whichever way its name is cut. */
  value(name: string): unknown {
    return find(this.source, name)
  }
  has(name: string): boolean {
    return find(this.source, name) !== undefined
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
  /** The objects of a list, each to be read the same way; at most a hundred. */
  records(name: string): DottedRecord[] {
    const value = this.value(name)
    return (Array.isArray(value) ? (value as readonly unknown[]).slice(0, 100) : [value])
      .filter(isObject)
      .map((object) => new DottedRecord(object))
  }
}

/** `a.b.c` as written flat, nested, or cut anywhere: `a` > `b.c`, `a.b` > `c`. */
function find(object: JsonObject, name: string): unknown {
  const flat = member(object, name)
  if (flat !== undefined) return flat
  for (let dot = name.indexOf('.'); dot !== -1; dot = name.indexOf('.', dot + 1)) {
    const outer = member(object, name.slice(0, dot))
    const inner: unknown =
      Array.isArray(outer) && outer.length === 1 ? (outer as readonly unknown[])[0] : outer
    if (!isObject(inner)) continue
    const value = find(inner, name.slice(dot + 1))
    if (value !== undefined) return value
  }
  return undefined
}
