import type { Overview } from '../contract/nouns/overview.ts'
import type { EventKind } from '../model/event.ts'
import { type EventSupply, SUPPLIES } from './event-supply.ts'
import type { ReadStore } from '../store/store.ts'
import { named, row as rowOf } from './readiness-row.ts'

type Row = Overview['readiness'][number]

const row = (
  id: string,
  state: Row['state'],
  params: Record<string, string | number> = {},
  detail: string = state,
): Row => rowOf(id, state, params, detail, 'readiness.missing')

/** What the case holds beside events. */
export interface Holdings {
  readonly messages: number
  readonly links: number
  readonly users: number
}

const ON_ENDPOINTS: readonly EventKind[] = [
  ...SUPPLIES.processes,
  ...SUPPLIES.logons,
  ...SUPPLIES.scripts,
  ...SUPPLIES.files,
  ...SUPPLIES.settings,
  ...SUPPLIES.memory,
]

/**
 * S3: correlations that nothing in the case makes possible, by the export that would. Only what the case is about is asked for:
 * no click log where there is no mail, no script blocks before there is any endpoint record.
 */
export async function missingData(events: EventSupply, { messages, links, users }: Holdings): Promise<Row[]> {
  const has = (name: keyof typeof SUPPLIES): number => events.count(SUPPLIES[name])
  const onEndpoints = events.count(ON_ENDPOINTS)
  const rows: (Row | undefined)[] = [
    messages + onEndpoints > 0 ? await network(events) : undefined,
    links > 0 && has('clicks') === 0
      ? row('clicks', has('processes') + has('network') > 0 ? 'partly' : 'unmet', { links })
      : undefined,
    messages + has('signIns') + has('mailboxes') > 0 ? cloud(has('signIns'), has('mailboxes')) : undefined,
    has('processes') > 0 && !(await events.carries(['process-start'], 'commandLine'))
      ? row('commands', 'unmet', { processes: has('processes') })
      : undefined,
  ]
  if (onEndpoints > 0)
    rows.push(
      has('scripts') === 0 ? row('scripts', 'unmet') : undefined,
      changes(has('files'), has('settings')),
      has('memory') === 0 ? row('memory', 'unmet') : undefined,
    )
  if (users + has('logons') > 0 && has('controllers') === 0) rows.push(row('controllers', 'unmet'))
  return rows.filter((one) => one !== undefined)
}

const strangers = `SELECT name FROM entity WHERE kind = 'domain' AND json_extract(attributes, '$.isExported') = 0 ORDER BY name`

/** Domains that are known from a trust only: what it allows there cannot be said. */
export function unexportedDomains(db: ReadStore): Row[] {
  const names = db.prepare(strangers).pluck().all() as string[]
  return names.length === 0 ? [] : [row('trusts', 'partly', { count: names.length, domains: named(names) })]
}

async function network(events: EventSupply): Promise<Row | undefined> {
  const count = events.count(SUPPLIES.network)
  if (count === 0) return row('network', 'unmet')
  const measured: readonly EventKind[] = ['http-request', 'network-connection', 'tls-connection']
  return (await events.carries(measured, 'bytesSent'))
    ? undefined
    : row('network', 'partly', { count }, 'volume')
}

function cloud(signIns: number, mailboxes: number): Row | undefined {
  if (signIns === 0 && mailboxes === 0) return row('cloud', 'unmet')
  if (mailboxes === 0) return row('cloud', 'partly', { signIns }, 'signIns')
  return signIns === 0 ? row('cloud', 'partly', { records: mailboxes }, 'mailboxes') : undefined
}

function changes(files: number, settings: number): Row | undefined {
  if (files === 0 && settings === 0) return row('changes', 'unmet')
  if (files === 0) return row('changes', 'partly', {}, 'settings')
  return settings === 0 ? row('changes', 'partly', {}, 'files') : undefined
}
