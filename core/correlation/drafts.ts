import type { BookEntity } from '../identity/entity-book.ts'
import { parseUrl } from '../normalise/url.ts'
import type { EntityDraft } from './rule.ts'
import type { ViewEvent } from './view.ts'

/** Constructors for the entities rules bring into being. Keys hold entity keys, never row ids: they are stable over cases. */
const baseName = (path: string) => path.split(/[\\/]/).at(-1) ?? path

/** A file on an endpoint; hashes become aliases, so that files with one hash on two endpoints stay two files. */
export function fileOn(
  endpoint: BookEntity,
  path: string,
  hashes: { sha256?: string | undefined; sha1?: string | undefined; md5?: string | undefined } = {},
): EntityDraft {
  const aliases: { kind: 'path' | 'name' | 'sha256' | 'sha1' | 'md5'; value: string }[] = [
    { kind: 'path', value: path },
    { kind: 'name', value: baseName(path) },
  ]
  for (const kind of ['sha256', 'sha1', 'md5'] as const) {
    const value = hashes[kind]
    if (value !== undefined) aliases.push({ kind, value })
  }
  return {
    kind: 'file',
    key: `file:${endpoint.key}|${path.toLowerCase()}`,
    name: baseName(path),
    attributes: {
      path,
      endpoint: endpoint.name,
      ...(hashes.sha256 === undefined ? {} : { sha256: hashes.sha256 }),
    },
    aliases,
  }
}

export function ipEntity(ip: string): EntityDraft {
  return { kind: 'ip', key: `ip:${ip}`, name: ip, aliases: [{ kind: 'ip', value: ip }] }
}

export function domainEntity(domain: string): EntityDraft {
  const name = domain.toLowerCase().replace(/\.$/, '')
  return { kind: 'domain', key: `domain:${name}`, name, aliases: [{ kind: 'fqdn', value: name }] }
}

/** A URL in its normal form: the same entity whether mail, a command line or a download mark names it. */
export function urlEntity(text: string): EntityDraft | undefined {
  const normal = parseUrl(text)
  if (!normal) return undefined
  return {
    kind: 'url',
    key: `url:${normal.text}`,
    name: normal.text,
    attributes: { host: normal.host },
    aliases: [{ kind: 'url', value: normal.text }],
  }
}

export function registryKey(endpoint: BookEntity, path: string): EntityDraft {
  return {
    kind: 'registry-key',
    key: `registry-key:${endpoint.key}|${path.toLowerCase()}`,
    name: path,
    attributes: { path, endpoint: endpoint.name },
    aliases: [{ kind: 'path', value: path }],
  }
}

export function service(endpoint: BookEntity, name: string, image?: string): EntityDraft {
  return {
    kind: 'service',
    key: `service:${endpoint.key}|${name.toLowerCase()}`,
    name,
    attributes: { endpoint: endpoint.name, ...(image === undefined ? {} : { image }) },
    aliases: [{ kind: 'name', value: name }],
  }
}

export function scheduledTask(endpoint: BookEntity, name: string, command?: string): EntityDraft {
  return {
    kind: 'scheduled-task',
    key: `scheduled-task:${endpoint.key}|${name.toLowerCase()}`,
    name,
    attributes: { endpoint: endpoint.name, ...(command === undefined ? {} : { command }) },
    aliases: [{ kind: 'name', value: name }],
  }
}

/** A permanent WMI subscription, by the name of its consumer (of its filter where only that was recorded). */
export function wmiSubscription(endpoint: BookEntity, name: string, command?: string): EntityDraft {
  return {
    kind: 'wmi-subscription',
    key: `wmi-subscription:${endpoint.key}|${name.toLowerCase()}`,
    name,
    attributes: { endpoint: endpoint.name, ...(command === undefined ? {} : { command }) },
    aliases: [{ kind: 'name', value: name }],
  }
}

/** The proof an event is. */
export const proofOf = (event: Pick<ViewEvent, 'id' | 'evidenceId' | 'record'>) => [
  { eventId: event.id, evidenceId: event.evidenceId, record: event.record },
]
/** A program or service in the cloud, by the name the tenant shows. */
export function cloudApp(name: string): EntityDraft {
  return {
    kind: 'cloud-app',
    key: `cloud-app:${name.toLowerCase()}`,
    name,
    aliases: [{ kind: 'name', value: name }],
  }
}
