import type { Overview } from '../contract/nouns/overview.ts'
import { Turn } from '../jobs/turn.ts'
import { readInfo } from '../store/case-info.ts'
import { CLOCKS_COMPARED, listOffsets } from '../store/clocks.ts'
import { listStaleEvidence } from '../store/stale-evidence.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'
import { listOldDomains } from './directory-age.ts'
import { EventSupply } from './event-supply.ts'
import { missingData, unexportedDomains } from './missing-data.ts'
import { named, row } from './readiness-row.ts'

type Row = Overview['readiness'][number]

const FIGURES = {
  messages: 'SELECT count(DISTINCT entity_id) + count(*) FILTER (WHERE entity_id IS NULL) FROM message',
  copies: 'SELECT count(*) FROM message',
  held: 'SELECT count(*) FROM message WHERE mailbox IS NOT NULL',
  owned: `SELECT count(*) FROM entity WHERE kind = 'mailbox' AND json_extract(attributes, '$.hasOwner') = 1`,
  mailboxes: 'SELECT count(DISTINCT coalesce(mailbox, id)) FROM message WHERE mailbox IS NOT NULL',
  users: `SELECT count(DISTINCT coalesce(sid, object_id)) FROM directory_object WHERE kind = 'user'`,
  computers: `SELECT count(DISTINCT coalesce(sid, object_id)) FROM directory_object WHERE kind = 'computer'`,
  endpoints: `SELECT count(*) FROM entity WHERE kind = 'endpoint'`,
  sensors: `SELECT count(*) FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') = 1`,
  lastAt: 'SELECT max(at) FROM event',
  packs: 'SELECT count(*) FROM pack',
  links: 'SELECT count(*) FROM message_url',
} as const
type Figures = Readonly<Record<keyof typeof FIGURES, number | null>>

async function figuresOf(db: ReadStore): Promise<Figures> {
  const turn = new Turn()
  const found = new Map<string, number | null>()
  for (const [name, sql] of Object.entries(FIGURES)) {
    await turn.end()
    found.set(name, db.prepare(sql).pluck().get() as number | null)
  }
  return Object.fromEntries(found) as Figures
}

/** Share of something above which a precondition counts as fully met. */
const NEARLY_ALL = 0.9

/**
 * S3, S12, S14-S16: what correlation needs and whether the case has it, in words. Seven rows, in the order in which the sources
 * are usually brought; then what a case with evidence lacks by the export that would bring it, and clocks known to be off.
 */
export async function readiness(db: ReadStore, mail: { outlook: number; other: number }): Promise<Row[]> {
  const events = new EventSupply(db)
  const f = await figuresOf(db)
  const processes = events.count(['process-start'])
  const logons = events.count(['logon'])
  const n = (name: keyof Figures) => f[name] ?? 0
  return [
    n('messages') === 0
      ? row('mail', 'unmet')
      : row('mail', n('held') > 0 ? 'met' : 'partly', {
          messages: n('messages'),
          copies: n('copies'),
          held: n('held'),
        }),
    directory(db, f),
    row(
      'sensor',
      n('sensors') === 0 ? 'unmet' : n('sensors') >= n('endpoints') * NEARLY_ALL ? 'met' : 'partly',
      { sensors: n('sensors'), endpoints: n('endpoints') },
    ),
    row('processes', processes === 0 ? 'unmet' : logons === 0 ? 'partly' : 'met', { processes, logons }),
    row('outlook', mail.outlook === 0 ? 'unmet' : mail.other > 0 ? 'partly' : 'met', {
      outlook: mail.outlook,
      other: mail.other,
    }),
    row('owners', n('owned') === 0 ? 'unmet' : n('owned') >= n('mailboxes') * NEARLY_ALL ? 'met' : 'partly', {
      owned: n('owned'),
      mailboxes: n('mailboxes'),
    }),
    row('packs', n('packs') === 0 ? 'unmet' : n('packs') === 1 ? 'partly' : 'met', {
      packs: n('packs'),
      links: n('links'),
    }),
    ...(await missingData(events, { messages: n('messages'), links: n('links'), users: n('users') })),
    ...unexportedDomains(db),
    ...clocks(db),
  ]
}

/** Directory exports, and whether they are of the time (S12): what a newer export replaces is named, and a domain of which no export is of the time. */
function directory(db: ReadStore, f: Figures): Row {
  const params = { users: f.users ?? 0, computers: f.computers ?? 0 }
  if (params.users === 0) return row('directory', 'unmet', params)
  const old = listOldDomains(db, f.lastAt)
  const [oldest] = old
  if (oldest) {
    const days = Math.floor(((f.lastAt ?? 0) - oldest.at) / 86_400_000_000)
    const domains = named(old.map(({ name }) => name))
    const age = { ...params, domains, date: toIso(oldest.at).slice(0, 10), days }
    return row(
      'directory',
      'partly',
      age,
      params.computers === 0 ? 'oldBare' : old.length > 1 ? 'olds' : 'old',
    )
  }
  if (params.computers === 0) return row('directory', 'partly', params)
  const stale = listStaleEvidence(db).size
  return stale === 0
    ? row('directory', 'met', params)
    : row('directory', 'met', { ...params, stale }, 'superseded')
}

/** Clocks that are off limit what the order of events says. */
function clocks(db: ReadStore): Row[] {
  const [worst, ...others] = listOffsets(db).sort((a, b) => Math.abs(b.ahead) - Math.abs(a.ahead))
  if (!worst) return []
  const name = db
    .prepare(worst.clock > 0 ? endpointName : evidenceName)
    .pluck()
    .get(Math.abs(worst.clock))
  const params = {
    compared: Number(readInfo(db, CLOCKS_COMPARED) ?? 0),
    off: others.length + 1,
    name: (name as string | undefined) ?? '?',
    seconds: Math.round(Math.abs(worst.ahead) / 1e6),
    support: worst.support,
  }
  return [row('clocks', 'partly', params, worst.ahead > 0 ? 'ahead' : 'behind')]
}
const endpointName = 'SELECT name FROM entity WHERE id = ?'
const evidenceName = 'SELECT name FROM evidence WHERE id = ?'
