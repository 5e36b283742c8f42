const GUID = /^\{?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\}?$/i
const ZERO = '00000000-0000-0000-0000-000000000000'

/** Lower-case GUID without braces; undefined for the zero GUID and for anything else. */
export function toGuid(text: string | undefined): string | undefined {
  const guid = text === undefined ? undefined : GUID.exec(text.trim())?.[1]?.toLowerCase()
  return guid === ZERO ? undefined : guid
}
