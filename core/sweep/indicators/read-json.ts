import { WorkbenchError } from '../../model/errors.ts'

/** @throws WorkbenchError `sweep.invalid` when the text is no JSON */
export function readJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''))
  } catch (cause) {
    throw new WorkbenchError(
      'sweep.invalid',
      { reason: cause instanceof Error ? cause.message : 'JSON' },
      { cause },
    )
  }
}

/** A member of an object, undefined for anything else. */
export const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined
export const textOf = (value: unknown, name: string): string => {
  const found = member(value, name)
  return typeof found === 'string' || typeof found === 'number' ? String(found) : ''
}
export const listOf = (value: unknown, name: string): readonly unknown[] => {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}
