import type { Redaction } from '../../contract/nouns/report.ts'
import type { ResultOf } from '../../contract/types.ts'
import type { Ask } from '../../jobs/handlers.ts'
import { domainsOf } from './domains.ts'

type Entity = ResultOf<'entity.search'>['rows'][number]

/** One person, machine, address or domain with all its names. */
export interface Hidden {
  readonly kind: 'user' | 'endpoint' | 'address' | 'domain'
  /** What stays the same while evidence grows: the pseudonym is made of it. */
  readonly key: string
  readonly names: readonly string[]
}

const PAGE = 1000
/** A name of one or two letters stands in every text. */
const MIN_LENGTH = 3

/** Accounts that every Windows has: they say nothing of anybody, and replacing them makes records unreadable. */
const EVERYBODY: ReadonlySet<string> = new Set([
  'system', 'localsystem', 'local system', 'local service', 'network service', 'localservice', 'networkservice',
  'nt authority', 'authority', 'administrator', 'guest', 'everyone', 'anonymous', 'anonymous logon', 'krbtgt',
  'defaultaccount', 'wdagutilityaccount', 'root', 'localhost', 'unknown', 'workgroup', 'builtin', 'iusr', 'users',
  'user', 'self', 'none', 'null', '-', 'n/a', 'owner', 'creator owner', 'window manager', 'font driver host',
]) // prettier-ignore
const WELL_KNOWN_SID = /^S-1-(?:[0-3]|5-(?:\d{1,2}|32-\d+|[89]\d-.*))$/i
const LOOPBACK = /^(?:127\.|0\.0\.0\.0$|::1?$)/

/** The most lasting names first. */
const KEYS = [
  'sid',
  'object-id',
  'device-id',
  'upn',
  'smtp',
  'account',
  'fqdn',
  'netbios',
  'dn',
  'name',
  'ip',
] as const

/** What a name is written as elsewhere: the account without its domain, the local part, the host without its domain. */
function formsOf(kind: string, value: string): readonly string[] {
  switch (kind) {
    case 'account':
      return [value, value.split('\\').at(-1) ?? value]
    case 'upn':
    case 'smtp':
      return [value, value.split('@')[0] ?? value]
    case 'fqdn':
      return [value, value.split('.')[0] ?? value]
    case 'dn': {
      const first = /^CN=((?:[^,\\]|\\.)+)/i.exec(value)?.[1]
      return first === undefined ? [value] : [value, first.replaceAll(/\\(.)/g, '$1')]
    }
    case 'sid':
    case 'object-id':
    case 'device-id':
    case 'netbios':
    case 'name':
    case 'guid':
      return [value]
    default:
      return []
  }
}

const isTelling = (name: string): boolean =>
  [...name].length >= MIN_LENGTH &&
  !EVERYBODY.has(name.toLowerCase()) &&
  !WELL_KNOWN_SID.test(name) &&
  !/^\d+$/.test(name)

function toHidden(entity: Entity, kind: 'user' | 'endpoint'): Hidden | undefined {
  const named = [{ kind: 'name', value: entity.name }, ...entity.aliases]
  const names = named.flatMap((alias) => {
    // The entity's own name has the look of one of its aliases.
    const look =
      alias.kind !== 'name'
        ? alias.kind
        : alias.value.includes('\\')
          ? 'account'
          : alias.value.includes('@')
            ? 'smtp'
            : kind === 'endpoint' && !/^[\d.:]+$/.test(alias.value)
              ? 'fqdn'
              : 'name'
    return formsOf(look, alias.value)
  })
  const telling = [...new Set(names.map((name) => name.trim()).filter(isTelling))]
  if (telling.length === 0) return undefined
  const values = KEYS.flatMap((wanted) =>
    entity.aliases.filter((alias) => alias.kind === wanted).map((alias) => alias.value.toLowerCase()),
  )
  return { kind, key: values[0] ?? entity.name.toLowerCase(), names: telling }
}

async function entitiesOf(ask: Ask, kind: 'user' | 'endpoint' | 'mailbox'): Promise<readonly Entity[]> {
  const all: Entity[] = []
  let cursor: string | null = null
  do {
    const page: ResultOf<'entity.search'> = await ask('entity.search', {
      kind,
      text: '',
      limit: PAGE,
      cursor,
    })
    all.push(...page.rows)
    cursor = page.rows.length > 0 ? page.next : null
  } while (cursor !== null)
  return all
}

const addressesOf = (entity: Entity): readonly Hidden[] =>
  entity.aliases
    .filter(({ kind, value }) => (kind === 'ip' && !LOOPBACK.test(value)) || kind === 'smtp')
    .map(({ value }) => ({ kind: 'address', key: value.toLowerCase(), names: [value] }))

/** Everything of the case that the rules hide, users first: a name of two belongs to the one named first. */
export async function hiddenNames(ask: Ask, rules: Redaction): Promise<readonly Hidden[]> {
  const wantsPeople = rules.users || rules.addresses !== 'none'
  const [users, mailboxes, endpoints] = await Promise.all([
    wantsPeople ? entitiesOf(ask, 'user') : [],
    wantsPeople ? entitiesOf(ask, 'mailbox') : [],
    rules.endpoints || rules.addresses !== 'none' ? entitiesOf(ask, 'endpoint') : [],
  ])
  const found: (Hidden | undefined)[] = []
  if (rules.users) found.push(...[...users, ...mailboxes].map((entity) => toHidden(entity, 'user')))
  if (rules.endpoints) found.push(...endpoints.map((entity) => toHidden(entity, 'endpoint')))
  if (rules.addresses !== 'none')
    found.push(...[...endpoints, ...users, ...mailboxes].flatMap((entity) => addressesOf(entity)))
  if (rules.users || rules.endpoints)
    found.push(...domainsOf(rules.users ? users : [], rules.endpoints ? endpoints : []))
  return found.filter((one) => one !== undefined)
}
