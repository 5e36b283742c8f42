import { isIP } from 'node:net'
import { toIso } from '../../store/time.ts'
import type { ExportEntity } from '../rows/graph.ts'

type Plain = Readonly<Record<string, unknown>>

export const CONTEXT = {
  kb: 'http://example.org/kb/',
  'case-investigation': 'https://ontology.caseontology.org/case/investigation/',
  'uco-action': 'https://ontology.unifiedcyberontology.org/uco/action/',
  'uco-core': 'https://ontology.unifiedcyberontology.org/uco/core/',
  'uco-observable': 'https://ontology.unifiedcyberontology.org/uco/observable/',
  'uco-tool': 'https://ontology.unifiedcyberontology.org/uco/tool/',
  'uco-types': 'https://ontology.unifiedcyberontology.org/uco/types/',
  'uco-vocabulary': 'https://ontology.unifiedcyberontology.org/uco/vocabulary/',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const

export const typed = (type: string, value: string | number | boolean): Plain => ({
  '@type': `xsd:${type}`,
  '@value': String(value),
})
export const timeOf = (us: number): Plain => typed('dateTime', toIso(us))

/** A hash in UCO's words; method names are those of its vocabulary. */
export const hashOf = (method: 'MD5' | 'SHA1' | 'SHA256', hex: string): Plain => ({
  '@type': 'uco-types:Hash',
  'uco-types:hashMethod': { '@type': 'uco-vocabulary:HashNameVocab', '@value': method },
  'uco-types:hashValue': typed('hexBinary', hex.toLowerCase()),
})

const METHODS = [
  ['md5', 'MD5', /^[0-9a-f]{32}$/i],
  ['sha1', 'SHA1', /^[0-9a-f]{40}$/i],
  ['sha256', 'SHA256', /^[0-9a-f]{64}$/i],
] as const

/** The class of an entity and its facets, without `@id`; kinds that UCO has no class for become plain observable objects. */
export function toUco(entity: ExportEntity): { readonly type: string; readonly facets: readonly Plain[] } {
  const text = (name: string): string | undefined => {
    const value = entity.attributes.get(name)
    return typeof value === 'string' && value !== '' ? value : undefined
  }
  const number = (name: string): number | undefined => {
    const value = entity.attributes.get(name)
    return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined
  }
  const value = entity.key.slice(entity.kind.length + 1)
  const one = (type: string, facet: string, properties: Plain) => ({
    type: `uco-observable:${type}`,
    facets: [{ '@type': `uco-observable:${facet}`, ...observable(properties) }],
  })
  switch (entity.kind) {
    case 'url':
      return one('URL', 'URLFacet', { fullValue: value })
    case 'domain':
      return one('DomainName', 'DomainNameFacet', { value })
    case 'ip': {
      const version = isIP(value) === 6 ? 6 : 4
      return one(`IPv${version}Address`, `IPv${version}AddressFacet`, { addressValue: value })
    }
    case 'mailbox':
      return one('EmailAddress', 'EmailAddressFacet', { addressValue: value })
    case 'message':
      return one('EmailMessage', 'EmailMessageFacet', {
        subject: entity.name,
        messageID: entity.aliases.find(({ kind }) => kind === 'message-id')?.value,
        sentTime: entity.firstSeen === null ? undefined : timeOf(entity.firstSeen),
      })
    case 'user':
      return one('UserAccount', 'AccountFacet', {
        accountIdentifier:
          entity.aliases.find(({ kind }) => kind === 'sid' || kind === 'upn')?.value ?? entity.name,
      })
    case 'endpoint':
      return one('Device', 'DeviceFacet', {})
    case 'attachment':
    case 'file': {
      const hashes = METHODS.flatMap(([kind, method, shape]) => {
        const hash = entity.aliases.find((alias) => alias.kind === kind && shape.test(alias.value))?.value
        return hash === undefined ? [] : [hashOf(method, hash)]
      })
      const size = number('bytes')
      return {
        type: 'uco-observable:File',
        facets: [
          {
            '@type': 'uco-observable:FileFacet',
            ...observable({
              fileName: entity.name,
              filePath: text('path'),
              sizeInBytes: size === undefined ? undefined : typed('integer', size),
            }),
          },
          ...(hashes.length === 0
            ? []
            : [{ '@type': 'uco-observable:ContentDataFacet', ...observable({ hash: hashes }) }]),
        ],
      }
    }
    case 'process': {
      const [pid, startedAt] = [number('pid'), number('startedAt')]
      return one('Process', 'ProcessFacet', {
        pid: pid === undefined ? undefined : typed('integer', pid),
        arguments: text('commandLine'),
        observableCreatedTime: startedAt === undefined ? undefined : timeOf(startedAt),
      })
    }
    case 'registry-key':
      return one('WindowsRegistryKey', 'WindowsRegistryKeyFacet', { key: text('path') ?? entity.name })
    case 'service':
      return one('WindowsService', 'WindowsServiceFacet', { serviceName: entity.name })
    case 'scheduled-task':
      return one('WindowsTask', 'WindowsTaskFacet', {})
    default:
      return { type: 'uco-observable:ObservableObject', facets: [] }
  }
}

/** Properties under UCO's observable prefix; absent ones left out. */
const observable = (properties: Plain): Plain =>
  Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => [`uco-observable:${name}`, value]),
  )
