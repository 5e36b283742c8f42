import type { Overview } from '../contract/nouns/overview.ts'
import { readInfo } from '../store/case-info.ts'
import { CLOCKS_COMPARED, listOffsets } from '../store/clocks.ts'
import { kindNumber } from '../store/event-columns.ts'
import { hasEventCounts } from '../store/event-counts.ts'
import { listStaleEvidence } from '../store/stale-evidence.ts'
import type { ReadStore } from '../store/store.ts'
import { toIso } from '../store/time.ts'

type Row = Overview['readiness'][number]

const figures = `SELECT
  (SELECT count(*) FROM message) AS messages,
  (SELECT count(*) FROM message WHERE mailbox IS NOT NULL) AS copies,
  (SELECT count(*) FROM entity WHERE kind = 'mailbox' AND json_extract(attributes, '$.hasOwner') = 1) AS owned,
  (SELECT count(DISTINCT coalesce(mailbox, id)) FROM message WHERE mailbox IS NOT NULL) AS mailboxes,
  (SELECT count(DISTINCT coalesce(sid, object_id)) FROM directory_object WHERE kind = 'user') AS users,
  (SELECT count(DISTINCT coalesce(sid, object_id)) FROM directory_object WHERE kind = 'computer') AS computers,
  (SELECT count(*) FROM entity WHERE kind = 'endpoint') AS endpoints,
  (SELECT count(*) FROM entity WHERE kind = 'endpoint' AND json_extract(attributes, '$.hasSensor') = 1) AS sensors,
  (SELECT max(coalesce(d.collected_at, e.imported_at)) FROM directory_object d JOIN evidence e ON e.id = d.evidence_id WHERE d.kind = 'user') AS directoryAt,
  (SELECT max(at) FROM event) AS lastAt,
  PROCESSES AS processes,
  LOGONS AS logons,
  (SELECT count(*) FROM pack) AS packs,
  (SELECT count(*) FROM message_url) AS links`

/** Events of a kind, out of the kept counts where the case has them. */
const countOfKind = (kind: string, isKept: boolean): string =>
  isKept
    ? `(SELECT coalesce(sum(count), 0) FROM event_count WHERE kind = ${kind})`
    : `(SELECT count(*) FROM event WHERE kind = ${kind})`

/** A directory this much older than the last event knows nothing of who came and went since. */
const OLD_DIRECTORY_US = 30 * 86_400_000_000

/** Share of something above which a precondition counts as fully met. */
const NEARLY_ALL = 0.9

/**
 * S3, S12, S14-S16: what correlation needs and whether the case has it, in words. Seven rows, in the order in which the sources
 * are usually brought; and an eighth where clocks are known to be off.
 */
export function readiness(db: ReadStore, mail: { outlook: number; other: number }): Row[] {
  const kept = hasEventCounts(db)
  const f = db
    .prepare(
      figures
        .replace('PROCESSES', countOfKind('@process', kept))
        .replace('LOGONS', countOfKind('@logon', kept)),
    )
    .get({ process: kindNumber('process-start'), logon: kindNumber('logon') }) as Record<
    string,
    number | null
  >
  const n = (name: string) => f[name] ?? 0
  return [
    n('messages') === 0
      ? row('mail', 'unmet')
      : row('mail', n('copies') > 0 ? 'met' : 'partly', { messages: n('messages'), copies: n('copies') }),
    directory(db, f),
    row(
      'sensor',
      n('sensors') === 0 ? 'unmet' : n('sensors') >= n('endpoints') * NEARLY_ALL ? 'met' : 'partly',
      { sensors: n('sensors'), endpoints: n('endpoints') },
    ),
    row('processes', n('processes') === 0 ? 'unmet' : n('logons') === 0 ? 'partly' : 'met', {
      processes: n('processes'),
      logons: n('logons'),
    }),
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
    ...clocks(db),
  ]
}

/** @param detail which sentence explains the state; the state's own when left out */
const row = (
  id: string,
  state: Row['state'],
  params: Record<string, string | number> = {},
  detail: string = state,
): Row => ({
  id,
  state,
  title: { key: `readiness.${id}.title`, params: {} },
  detail: { key: `readiness.${id}.${detail}`, params },
})

/** Directory exports, and whether they are of the time (S12): what a newer export replaces is named, and one that is too old. */
function directory(db: ReadStore, f: Readonly<Record<string, number | null>>): Row {
  const params = { users: f['users'] ?? 0, computers: f['computers'] ?? 0 }
  if (params.users === 0) return row('directory', 'unmet', params)
  if (params.computers === 0) return row('directory', 'partly', params)
  const { directoryAt, lastAt } = f
  if (directoryAt != null && lastAt != null && lastAt - directoryAt > OLD_DIRECTORY_US) {
    const days = Math.floor((lastAt - directoryAt) / 86_400_000_000)
    return row('directory', 'partly', { ...params, date: toIso(directoryAt).slice(0, 10), days }, 'old')
  }
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
