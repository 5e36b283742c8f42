/** One fact of an audit entry: a field and what it holds, as text. */
export interface Detail {
  readonly name: string
  readonly value: string
}

/**
 * The details of an audit entry as facts in their order. Of an object inside an object every field is a fact; what is empty says nothing.
 * Keys come from a case file that may be foreign: text, not names.
 */
export function toDetails(details: Readonly<Record<string, unknown>>, isInner = false): Detail[] {
  return Object.entries(details).flatMap(([name, value]): Detail[] => {
    if (isEmpty(value)) return []
    if (!isInner && typeof value === 'object' && value !== null && !Array.isArray(value))
      return toDetails(value as Readonly<Record<string, unknown>>, true)
    return [{ name, value: toValue(value) }]
  })
}

/** @returns `packsThen` as `packs then`: for fields that have no word of their own */
export const toPlainName = (name: string): string =>
  name
    .replaceAll(/([a-z])([A-Z])/gu, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()

const isEmpty = (value: unknown): boolean =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

function toValue(value: unknown): string {
  if (Array.isArray(value)) return value.map(toPlain).join(', ')
  return toPlain(value)
}

/** What is nested deeper stays as it stands in the log: nobody writes so, and a foreign case may hold anything. */
function toPlain(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value)
  const inner = Object.values(value).filter((one) => !isEmpty(one))
  return inner.every((one) => typeof one !== 'object') ? inner.map(String).join(' ') : JSON.stringify(value)
}
