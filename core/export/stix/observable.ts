import { isIP } from 'node:net'
import { toIso } from '../../store/time.ts'
import type { ExportEnd, ExportEntity } from '../rows/graph.ts'
import { caseUuid, observableUuid } from '../text/uuid.ts'

type Plain = Readonly<Record<string, unknown>>

/** An address as RFC 3986 wants it (STIX 2.1, 6.16); undefined for what no browser reads. */
export function toUri(text: string): string | undefined {
  return URL.canParse(text) ? new URL(text).href : undefined
}

/** What stands in the key of an entity after its kind: the value of addresses. */
const valueOf = ({ kind, key }: ExportEnd): string => key.slice(kind.length + 1)

/**
 * The STIX id of an entity. Values that mean the same everywhere (URL, domain, address) have the id that every producer gives them
 * (STIX 2.1, 2.9); what belongs to one machine has one of this case. Undefined: STIX has no object for it.
 */
export function stixIdOf(caseId: string, entity: ExportEnd): string | undefined {
  const value = valueOf(entity)
  const own = (type: string) => `${type}--${caseUuid(caseId, 'entity', entity.key)}`
  switch (entity.kind) {
    case 'url': {
      const uri = toUri(value)
      return uri === undefined ? undefined : `url--${observableUuid({ value: uri })}`
    }
    case 'domain':
      return `domain-name--${observableUuid({ value })}`
    case 'ip': {
      const version = isIP(value)
      return version === 0 ? undefined : `ipv${version}-addr--${observableUuid({ value })}`
    }
    case 'mailbox':
      return value.includes('@') ? `email-addr--${observableUuid({ value })}` : own('user-account')
    case 'user':
      return own('user-account')
    case 'endpoint':
    case 'group':
      return own('identity')
    case 'message':
      return own('email-message')
    case 'attachment':
    case 'file':
      return own('file')
    case 'process':
    case 'service':
      return own('process')
    case 'registry-key':
      return own('windows-registry-key')
    case 'cloud-app':
      return own('software')
    default:
      return undefined
  }
}

const HASHES: readonly (readonly [string, string, RegExp])[] = [
  ['md5', 'MD5', /^[0-9a-f]{32}$/i],
  ['sha1', 'SHA-1', /^[0-9a-f]{40}$/i],
  ['sha256', 'SHA-256', /^[0-9a-f]{64}$/i],
]

function hashesOf({ aliases }: ExportEntity): Plain | undefined {
  const found = HASHES.flatMap(([kind, name, shape]) => {
    const hash = aliases.find((alias) => alias.kind === kind && shape.test(alias.value))?.value
    return hash === undefined ? [] : [[name, hash.toLowerCase()] as const]
  })
  return found.length === 0 ? undefined : Object.fromEntries(found)
}

const aliasOf = ({ aliases }: ExportEntity, ...kinds: readonly string[]): string | undefined =>
  kinds.flatMap((kind) => aliases.filter((alias) => alias.kind === kind))[0]?.value

/** Properties of the object beside `type`, `spec_version` and `id`; what a source does not say is absent. */
export function stixPropertiesOf(entity: ExportEntity, hasMailbox: (address: string) => boolean): Plain {
  const text = (name: string): string | undefined => {
    const value = entity.attributes.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const number = (name: string): number | undefined => {
    const value = entity.attributes.get(name)
    return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
  }
  const value = valueOf(entity)
  switch (entity.kind) {
    case 'url':
      return { value: toUri(value) }
    case 'domain':
    case 'ip':
      return { value }
    case 'mailbox':
      return value.includes('@') ? { value } : { account_login: value }
    case 'user':
      return {
        user_id: aliasOf(entity, 'sid', 'object-id', 'guid'),
        account_login: aliasOf(entity, 'upn', 'account', 'smtp') ?? entity.name,
        display_name: entity.name,
      }
    case 'message': {
      const from = text('from')
      return {
        is_multipart: false,
        subject: entity.name,
        date: entity.firstSeen === null ? undefined : toIso(entity.firstSeen),
        message_id: angled(aliasOf(entity, 'message-id')),
        from_ref:
          from !== undefined && hasMailbox(from.toLowerCase())
            ? `email-addr--${observableUuid({ value: from.toLowerCase() })}`
            : undefined,
      }
    }
    case 'attachment':
    case 'file':
      return {
        name: entity.name === '' ? 'unknown' : entity.name,
        hashes: hashesOf(entity),
        size: number('bytes'),
      }
    case 'process': {
      const startedAt = number('startedAt')
      return {
        pid: number('pid'),
        command_line: text('commandLine') ?? text('path') ?? entity.name,
        created_time: startedAt === undefined ? undefined : toIso(startedAt),
      }
    }
    case 'service':
      return {
        command_line: text('image'),
        extensions: { 'windows-service-ext': { service_name: entity.name } },
      }
    case 'registry-key':
      return registryKey(text('path') ?? entity.name)
    default:
      return { name: entity.name === '' ? value : entity.name }
  }
}

/** Short names of hives, and the kernel's; the standard wants them in full (STIX 2.1 section 6.16). */
const HIVES: readonly (readonly [RegExp, string])[] = [
  [/^(?:HKLM|\\REGISTRY\\MACHINE)(?=\\|$)/i, 'HKEY_LOCAL_MACHINE'],
  [/^(?:HKU|\\REGISTRY\\USER)(?=\\|$)/i, 'HKEY_USERS'],
  [/^HKCU(?=\\|$)/i, 'HKEY_CURRENT_USER'],
  [/^HKCR(?=\\|$)/i, 'HKEY_CLASSES_ROOT'],
  [/^HKCC(?=\\|$)/i, 'HKEY_CURRENT_CONFIG'],
]
const WHOLE_HIVE =
  /^HKEY_(?:LOCAL_MACHINE|USERS|CURRENT_USER|CLASSES_ROOT|CURRENT_CONFIG|PERFORMANCE_DATA|DYN_DATA)(?=\\|$)/i

/** A key has its hive in full; what names no hive is only known as something in a registry. */
function registryKey(path: string): Plain {
  const [short, hive] = HIVES.find(([pattern]) => pattern.test(path)) ?? []
  const key = short === undefined || hive === undefined ? path : path.replace(short, () => hive)
  if (!WHOLE_HIVE.test(key)) return { values: [{ name: path }] }
  return { key: key.replace(WHOLE_HIVE, (name) => name.toUpperCase()) }
}

const angled = (id: string | undefined): string | undefined => (id === undefined ? undefined : `<${id}>`)
