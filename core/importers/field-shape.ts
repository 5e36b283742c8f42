import type { EventFieldName } from '../model/event.ts'

type Fields = Record<string, string | number | undefined>

/**
 * Makes objects that hold these fields, all undefined at first. An object that gets its members one by one under computed
 * names becomes a hash table from the thirteenth on, which is several times slower to make, to read and to collect; copies
 * of a parsed object are plain structures, and those of one shape alike.
 */
export function fieldShape(names: readonly EventFieldName[]): () => Fields {
  const shape = JSON.parse(JSON.stringify(Object.fromEntries(names.map((name) => [name, null])))) as Fields
  for (const name of names) shape[name] = undefined
  return () => ({ ...shape })
}
