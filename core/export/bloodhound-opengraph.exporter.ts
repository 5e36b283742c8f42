import { toIso } from '../store/time.ts'
import type { Exporter, ExportSource } from './exporter.ts'
import { entityPages, type ExportEntity, type ExportEnd, relationPages } from './rows/graph.ts'
import { pascal, snake } from './text/names.ts'
import { safeJson } from './text/safe-text.ts'
import { caseUuid } from './text/uuid.ts'

/** Kinds and names of properties may not be those of BloodHound itself; the prefix keeps them apart. */
const PREFIX = 'Redthread'
const kindOf = (kind: string): string => `${PREFIX}_${pascal(kind)}`

/** Properties that BloodHound fills itself, or that we write from elsewhere. */
const RESERVED: ReadonlySet<string> = new Set([
  'objectid',
  'name',
  'displayname',
  'lastseen',
  'kind',
  'aliases',
  'case_id',
])

/** Security principals that a SharpHound upload has under their SID: the same id makes them one node there. */
const PRINCIPALS: ReadonlySet<string> = new Set(['user', 'endpoint', 'group'])
const DOMAIN_SID = /^S-1-5-21-\d+-\d+-\d+-\d+$/i

/** Upper case: BloodHound writes all its ids so. */
const ownId = (source: ExportSource, entity: ExportEnd): string =>
  caseUuid(source.caseId, 'entity', entity.key).toUpperCase()

type Value = string | number | boolean | string[]
const present = (values: Readonly<Record<string, Value | null>>): Record<string, Value> =>
  Object.fromEntries(
    Object.entries(values).filter(
      (entry): entry is [string, Value] =>
        entry[1] !== null && entry[1] !== '' && !(Array.isArray(entry[1]) && entry[1].length === 0),
    ),
  )

const sidOf = (entity: ExportEntity): string | undefined =>
  PRINCIPALS.has(entity.kind)
    ? entity.aliases.find(({ kind, value }) => kind === 'sid' && DOMAIN_SID.test(value))?.value.toUpperCase()
    : undefined

/** Plain values alone, in lower case (BloodHound tells names by case and refuses nested values). */
function propertiesOf(source: ExportSource, entity: ExportEntity): Record<string, Value> {
  const attributes = [...entity.attributes]
    .map(([name, value]): [string, Value] => [snake(name), value])
    .filter(([name]) => name !== '' && !RESERVED.has(name))
  return {
    ...Object.fromEntries(attributes),
    ...present({
      name: entity.name.toWellFormed(),
      displayname: entity.name.toWellFormed(),
      kind: entity.kind,
      aliases: entity.aliases.map(({ kind, value }) => `${kind}:${value}`),
      first_seen: entity.firstSeen === null ? null : toIso(entity.firstSeen),
      last_seen: entity.lastSeen === null ? null : toIso(entity.lastSeen),
      case_id: source.caseId,
    }),
  }
}

export default {
  id: 'bloodhound-opengraph',
  extension: 'json',
  mediaType: 'application/json',
  reads: ['entities', 'relations'],
  addresses: 'live',
  takesSpan: true,
  texts: {
    en: {
      title: 'BloodHound (OpenGraph)',
      description:
        'What was observed, to be uploaded beside a SharpHound collection: users, computers and groups with a SID become the nodes that are there already.',
      left: 'Rights out of the directory (BloodHound has them from its own collection).',
    },
    'zh-TW': {
      title: 'BloodHound（OpenGraph）',
      description:
        '將觀察到的事實與 SharpHound 收集結果一併上傳：具有 SID 的使用者、電腦與群組會併入既有節點。',
      left: '目錄中的權限（BloodHound 自身的收集結果已包含）。',
    },
    ja: {
      title: 'BloodHound (OpenGraph)',
      description:
        '観測された事実を SharpHound の収集結果に重ねてアップロードできます。SID のあるユーザー、コンピューター、グループは既存のノードと一つになります。',
      left: 'ディレクトリ上の権限（BloodHound が自身の収集で持っています）。',
    },
  },
  async *write(source) {
    // Ids of principals by SID; the rest follow from their keys. One short text per principal of the directory.
    const sids = new Map<number, string>()
    yield `{"metadata":{"source_kind":"${PREFIX}"},"graph":{"nodes":[`
    let comma = '\n'
    for await (const page of entityPages(source))
      for (const entity of page) {
        const sid = sidOf(entity)
        if (sid !== undefined) sids.set(entity.id, sid)
        const id = sid ?? ownId(source, entity)
        yield `${comma}${safeJson({ id, kinds: [kindOf(entity.kind), PREFIX], properties: propertiesOf(source, entity) })}`
        comma = ',\n'
      }
    yield '\n],"edges":['
    comma = '\n'
    const end = (entity: ExportEnd) => ({
      match_by: 'id',
      value: sids.get(entity.id) ?? ownId(source, entity),
    })
    for await (const page of relationPages(source))
      for (const relation of page) {
        if (!relation.isObserved) continue
        const properties = present({
          first_at: relation.firstAt === null ? null : toIso(relation.firstAt),
          last_at: relation.lastAt === null ? null : toIso(relation.lastAt),
          count: relation.count,
          confidence: relation.confidence,
          rule: relation.rule,
          reason: relation.reason.toWellFormed(),
          events: relation.events.map(String),
          event_total: relation.eventTotal,
          case_id: source.caseId,
        })
        yield `${comma}${safeJson({ kind: kindOf(relation.kind), start: end(relation.from), end: end(relation.to), properties })}`
        comma = ',\n'
      }
    yield '\n]}}\n'
  },
} satisfies Exporter
