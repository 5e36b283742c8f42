import { toObjectId } from './sid.ts'

/** A JSON object as a map, so that keys from outside are only names. */
export type Fields = ReadonlyMap<string, unknown>
export const toFields = (value: unknown): Fields =>
  new Map(typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [])

export const text = (fields: Fields, ...names: readonly string[]): string | undefined => {
  for (const name of names) {
    const value = fields.get(name)
    if (typeof value === 'string' && value.trim() !== '') return value.trim()
  }
  return undefined
}
export const flag = (fields: Fields, name: string): boolean | undefined => {
  const value = fields.get(name)
  return typeof value === 'boolean' ? value : undefined
}
/** A list, or the `Results` of a collection that may have failed; anything else is empty. */
export const list = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields.get(name)
  if (Array.isArray(value)) return value
  const results = toFields(value).get('Results')
  return Array.isArray(results) ? results : []
}
/** The id in a typed principal, or in the older forms of it. */
export const idOf = (entry: unknown): string | undefined => {
  const id =
    typeof entry === 'string'
      ? entry
      : text(toFields(entry), 'ObjectIdentifier', 'MemberId', 'ObjectId', 'GUID', 'Guid')
  return id === undefined ? undefined : toObjectId(id)
}
export const idsIn = (fields: Fields, name: string): string[] =>
  list(fields, name)
    .map(idOf)
    .filter((id) => id !== undefined)
