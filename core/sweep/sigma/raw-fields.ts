/** Records nest a few levels; one made of brackets must not become a tower of calls. */
const MAX_DEPTH = 12
/** Fields read from one record; a hostile one holds a million. */
const MAX_FIELDS = 5_000
/** Sections that hold what the event says; a name of the envelope comes second. */
const OWN_DATA = /^(?:eventdata|userdata|event_data|winlog|data)$/i
const XML_DATA = /<Data\s+Name=(?:"([^"]*)"|'([^']*)')\s*(?:\/>|>([^<]*)<\/Data>)/g
const XML_ELEMENT = /<([A-Za-z_][\w.-]*)(?:\s[^<>]*)?>([^<]*)<\/\1>/g
const ENTITY = /&(lt|gt|amp|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});/gi
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/**
 * The fields of a raw record by name in lower case: JSON of any product (names at any depth, those of the event's own data
 * first), or the XML of a Windows event.
 * @returns undefined for raw text of another shape
 */
export function rawFields(raw: string): ReadonlyMap<string, readonly string[]> | undefined {
  const begin = raw.trimStart().charAt(0)
  if (begin === '{') {
    try {
      return fromJson(JSON.parse(raw))
    } catch {
      // A record that was cut at its limit is no JSON any more: nothing can be told of its fields.
      return undefined
    }
  }
  return begin === '<' ? fromXml(raw) : undefined
}

function fromJson(root: unknown): Map<string, readonly string[]> {
  const own = new Map<string, string[]>()
  const around = new Map<string, string[]>()
  let count = 0
  const note = (name: string, text: string, isOwn: boolean) => {
    if ((count += 1) > MAX_FIELDS) return
    const into = isOwn ? own : around
    const key = name.toLowerCase()
    const values = into.get(key)
    if (values) values.push(text)
    else into.set(key, [text])
  }
  const visit = (name: string, value: unknown, depth: number, isOwn: boolean): void => {
    if (depth > MAX_DEPTH || value === null || value === undefined) return
    if (Array.isArray(value)) {
      for (const one of value as unknown[]) visit(name, one, depth + 1, isOwn)
      return
    }
    if (typeof value !== 'object') {
      note(name, String(value as string | number | boolean), isOwn)
      return
    }
    const members = Object.entries(value as Record<string, unknown>)
    const named = members.find(([key]) => /^@?Name$/i.test(key))?.[1]
    const text = members.find(([key]) => key === '#text' || key === 'text')?.[1]
    if (typeof named === 'string' && /^data$/i.test(name)) {
      if (text !== undefined) visit(named, text, depth + 1, true)
      return
    }
    if (text !== undefined && typeof text !== 'object') note(name, String(text as string | number), isOwn)
    for (const [key, member] of members) visit(key, member, depth + 1, isOwn || OWN_DATA.test(key))
  }
  visit('', root, 0, false)
  for (const [key, values] of around) if (!own.has(key)) own.set(key, values)
  return own
}

function fromXml(raw: string): Map<string, readonly string[]> {
  const fields = new Map<string, string[]>()
  const note = (name: string, text: string) => {
    const key = name.toLowerCase()
    const values = fields.get(key)
    if (values) values.push(unescape(text))
    else if (fields.size < MAX_FIELDS) fields.set(key, [unescape(text)])
  }
  for (const [, double, single, text = ''] of raw.matchAll(XML_DATA)) note(double ?? single ?? '', text)
  for (const [, name = '', text = ''] of raw.matchAll(XML_ELEMENT))
    if (name !== 'Data' && !fields.has(name.toLowerCase())) note(name, text)
  return fields
}

const unescape = (text: string): string =>
  text.replace(ENTITY, (whole, name: string) => {
    if (!name.startsWith('#')) return NAMED[name.toLowerCase()] ?? whole
    const code = /^#x/i.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
