import { isObject, type JsonObject, scalarText } from '../json/parse-object.ts'

/** Values of one Zeek log entry by field name; sets and vectors are joined by a comma. Absent and unset are undefined. */
export interface ZeekRow {
  text(name: string): string | undefined
  list(name: string): readonly string[]
  readonly names: readonly string[]
}

/** A set can hold every address of a scan. */
const MAX_LIST = 1_000

/** An entry of a JSON log. `id.orig_h` may be flat, nested, or written with an underscore. */
export class ZeekJsonRow implements ZeekRow {
  readonly #object: JsonObject
  constructor(object: JsonObject) {
    this.#object = object
  }
  get names(): readonly string[] {
    return Object.keys(this.#object)
  }
  text(name: string): string | undefined {
    const value = this.#find(name)
    return Array.isArray(value) ? this.list(name).join(', ') || undefined : scalarText(value) || undefined
  }
  list(name: string): readonly string[] {
    const value: unknown = this.#find(name)
    const items: readonly unknown[] = Array.isArray(value) ? value : [value]
    return items.slice(0, MAX_LIST).flatMap((item) => scalarText(item) ?? [])
  }
  #find(name: string): unknown {
    const object = this.#object
    if (Object.hasOwn(object, name)) return object[name]
    const dot = name.indexOf('.')
    if (dot === -1) return undefined
    const underscored = name.replace('.', '_')
    if (Object.hasOwn(object, underscored)) return object[underscored]
    const outer = Object.hasOwn(object, name.slice(0, dot)) ? object[name.slice(0, dot)] : undefined
    const inner = name.slice(dot + 1)
    return isObject(outer) && Object.hasOwn(outer, inner) ? outer[inner] : undefined
  }
}

/** How the header of a tab-separated log says its values are written. */
export interface ZeekSyntax {
  readonly separator: string
  readonly setSeparator: string
  readonly empty: string
  readonly unset: string
}
export const DEFAULT_SYNTAX: ZeekSyntax = {
  separator: '\t',
  setSeparator: ',',
  empty: '(empty)',
  unset: '-',
}

/** Columns of a tab-separated log. */
export class ZeekColumns {
  readonly names: readonly string[]
  readonly syntax: ZeekSyntax
  readonly #places = new Map<string, number>()

  constructor(names: readonly string[], syntax: ZeekSyntax) {
    this.names = names
    this.syntax = syntax
    names.forEach((name, place) => this.#places.set(name, place))
  }

  row(cells: readonly string[]): ZeekRow {
    const { empty, unset, setSeparator } = this.syntax
    const find = (name: string): string | undefined => {
      const place = this.#places.get(name)
      const cell = place === undefined ? undefined : cells[place]
      return cell === undefined || cell === '' || cell === unset || cell === empty ? undefined : cell
    }
    return {
      names: this.names,
      text: (name) => {
        const cell = find(name)
        return cell === undefined ? undefined : unescapeZeek(cell)
      },
      list: (name) => find(name)?.split(setSeparator, MAX_LIST).map(unescapeZeek) ?? [],
    }
  }
}

/** `\x09` and the like; bytes in a row are UTF-8. */
export function unescapeZeek(text: string): string {
  if (!text.includes('\\')) return text
  return text
    .replace(/(?:\\x[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replaceAll('\\x', ''), 'hex').toString('utf8'))
    .replaceAll('\\\\', '\\')
}
