import { refang } from '../normalise/defang.ts'
import { EVENT_FIELDS, EVENT_KINDS, type EventFieldName, type EventKind } from '../model/event.ts'

/**
 * The search syntax of UX.md section 5: `a b` both, `a OR b`, `-a`, `"exact phrase"`, `field:value`, `field:a*`,
 * `ip:10.0.0.0/8`, `time:2026-03-01..2026-03-02`, `kind:logon`. Defanged input is understood.
 */
export type Term =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'field'; readonly fields: readonly EventFieldName[]; readonly value: string }
  | { readonly type: 'ip'; readonly value: string }
  | { readonly type: 'time'; readonly from: string; readonly to: string }
  | { readonly type: 'kind'; readonly kinds: readonly EventKind[]; readonly value: string }
  | { readonly type: 'unknown-field'; readonly field: string }

export interface Clause {
  readonly text: string
  readonly field: string | null
  readonly negated: boolean
  readonly term: Term
}
/** All groups must hold; in a group one clause is enough. */
export type Query = readonly (readonly Clause[])[]

/** Short names people type, beside the public field names and the names of core/model/event.ts. */
const SHORT: Readonly<Record<string, readonly EventFieldName[]>> = {
  host: ['host', 'sourceHost', 'destinationHost'],
  endpoint: ['host'],
  user: ['account', 'targetAccount'],
  account: ['account', 'targetAccount'],
  sid: ['accountSid', 'targetSid'],
  process: ['processPath', 'parentPath'],
  image: ['processPath'],
  parent: ['parentPath'],
  cmd: ['commandLine', 'parentCommandLine'],
  file: ['target', 'processPath'],
  path: ['target', 'processPath', 'parentPath'],
  hash: ['sha256', 'sha1', 'md5'],
  port: ['sourcePort', 'destinationPort'],
  logon: ['logonId', 'targetLogonId'],
  id: ['code'],
  domain: ['destinationHost', 'target', 'sourceHost'],
  mail: ['sender', 'recipient'],
  from: ['sender'],
  to: ['recipient'],
  message: ['messageId'],
}

/** A few fields that are asked for most, for whoever named one that does not exist. */
export const COMMON_FIELDS = ['user', 'host', 'process', 'cmd', 'file', 'hash', 'ip', 'kind', 'time'] as const

const byPublicName = new Map<string, readonly EventFieldName[]>(
  (Object.entries(EVENT_FIELDS) as [EventFieldName, { name: string }][]).flatMap(([field, spec]) => [
    [spec.name.toLowerCase(), [field]],
    [field.toLowerCase(), [field]],
  ]),
)
for (const [name, fields] of Object.entries(SHORT)) byPublicName.set(name, fields)

const TOKEN = /(-)?(?:([\p{L}_.][\p{L}\p{N}_.]*):)?(?:"((?:[^"\\]|\\.)*)"|(\S+))/gu
/** A query can hold this many terms; more is cut. */
const MAX_TERMS = 50

/** Parses a query; never fails: what cannot be understood is searched as text. */
export function parseQuery(text: string): Query {
  const groups: Clause[][] = []
  let joinNext = false
  let terms = 0
  for (const match of refang(text).matchAll(TOKEN)) {
    if (terms >= MAX_TERMS) break
    const [whole, minus, field, phrase, word] = match
    if (whole === 'OR' && groups.length > 0) {
      joinNext = true
      continue
    }
    if (whole === 'AND') continue
    const value = phrase === undefined ? (word ?? '') : phrase.replace(/\\(.)/g, '$1')
    if (value === '') continue
    terms += 1
    const clause: Clause = {
      text: whole,
      field: field ?? null,
      negated: minus === '-',
      term: toTerm(field, value),
    }
    const last = groups.at(-1)
    if (joinNext && last) last.push(clause)
    else groups.push([clause])
    joinNext = false
  }
  return groups
}

function toTerm(field: string | undefined, value: string): Term {
  if (field === undefined) return { type: 'text', value }
  const name = field.toLowerCase()
  if (name === 'ip') return { type: 'ip', value }
  if (name === 'time') {
    const [from = '', to = from] = value.split('..')
    return { type: 'time', from, to }
  }
  if (name === 'kind') {
    const wanted = value.toLowerCase().replace(/\*$/, '')
    const exact = EVENT_KINDS.filter((kind) => kind === wanted)
    // While a kind is being typed its beginning finds what begins so; `kind:logon` alone is not `logon-failure`.
    const isWhole = exact.length > 0 && !value.endsWith('*')
    return {
      type: 'kind',
      kinds: isWhole ? exact : EVENT_KINDS.filter((kind) => kind.startsWith(wanted)),
      value,
    }
  }
  const fields = byPublicName.get(name)
  // `http://...` and `C:\...` look like a field; they are text.
  if (!fields)
    return /^(https?|ftp|[a-z])$/i.test(field)
      ? { type: 'text', value: `${field}:${value}` }
      : { type: 'unknown-field', field }
  return { type: 'field', fields, value }
}
