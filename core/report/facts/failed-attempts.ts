import type { EventRow } from '../../contract/nouns/event.ts'
import type { EntityRef } from '../../contract/shapes.ts'
import type { ReportContext } from '../context.ts'
import type { Inline } from '../document.ts'
import { citeProofs } from './citations.ts'
import { accountsOf, endpointsOf, windowOf } from './other-acts.ts'
import type { Story } from './story.ts'

/** Kinds of events that can say that somebody was turned away. */
const FAILURES = ['logon-failure', 'kerberos-failure', 'ntlm-validation'] as const
type FailureKind = (typeof FAILURES)[number]
/** Failures read per endpoint or account of the path; a spray makes tens of thousands. */
const MAX_FAILURES = 2000

/** Failed logons with the same source, account, target and status: one row of the report. */
export interface FailedAttempt {
  readonly account: string
  /** Where it came from, as the record names it; empty when the record does not. */
  readonly source: string
  /** The endpoint whose log holds it; for a check of credentials that is the domain controller. */
  readonly target: EntityRef | null
  readonly status: string
  readonly counts: ReadonlyMap<FailureKind, number>
  readonly from: string
  readonly to: string
  /** In the order of time. */
  readonly events: readonly EventRow[]
}

/** Names the records of an attempt; printed is the first of each kind: the others differ in their time. */
export function citeAttempt(context: ReportContext, attempt: FailedAttempt): readonly Inline[] {
  const kinds = [...attempt.counts.keys()]
  const printed = new Set(kinds.map((kind) => attempt.events.find((event) => event.kind === kind)?.record))
  return citeProofs(
    (evidenceId, record) =>
      printed.has(record) ? context.cite(evidenceId, record) : context.mention(evidenceId, record),
    { sources: attempt.events, total: attempt.events.length },
  )
}

/** One log records an attempt once: the attempts are the records of the kind that has most. */
export const attemptsOf = (attempt: FailedAttempt): number => Math.max(...attempt.counts.values())

const text = (event: EventRow, field: string): string => String(event.fields[field] ?? '')
const shortName = (host: string): string =>
  (/^[\d.:]+$/.test(host) ? host : (host.split('.')[0] ?? host)).toLowerCase()
const accountOf = (event: EventRow): string =>
  text(event, 'target.user.name') || text(event, 'user.name') || (event.user?.name ?? '')
/** `CORP\jdoe`, `jdoe@corp.example` and `jdoe` in two logs of one attempt. */
const bareAccount = (account: string): string =>
  (account.split('\\').at(-1) ?? account).replace(/@.*$/, '').toLowerCase()
const hasFailed = (event: EventRow): boolean =>
  event.kind !== 'ntlm-validation' || text(event, 'event.outcome') === 'failure'

/**
 * Logons that failed from an endpoint of the path against another one, or for an account of the path, from one day before the
 * start of the path to one day after its end. In the order of time.
 */
export async function findFailedAttempts(
  context: ReportContext,
  { path }: Story,
): Promise<readonly FailedAttempt[]> {
  const { from, to } = windowOf(path, 1)
  const found = new Map<string, EventRow>()
  for (const endpoint of await endpointsOf(context, path)) {
    const { aliases } = await context.ask('entity.get', { id: endpoint.id })
    const hosts = new Set([shortName(endpoint.name)])
    const addresses = new Set<string>()
    for (const { kind, value } of aliases) {
      if (kind === 'fqdn' || kind === 'netbios') hosts.add(shortName(value))
      if (kind === 'ip') addresses.add(value)
    }
    const query = [
      ...[...hosts].map((host) => ['source.host', host] as const),
      ...[...addresses].map((ip) => ['source.ip', ip] as const),
    ]
      // Names come from evidence: only such as cannot change the query.
      .filter(([, value]) => /^[\p{L}\p{N}._:-]+$/u.test(value))
      .map(([field, value]) => `${field}:"${value}"`)
      .slice(0, 20)
    if (query.length === 0) continue
    const { rows } = await context.ask('event.search', {
      kinds: [...FAILURES],
      text: query.join(' OR '),
      from,
      to,
      limit: MAX_FAILURES,
    })
    for (const row of rows) {
      const host = text(row, 'source.host')
      const isSource = host === '' ? addresses.has(text(row, 'source.ip')) : hosts.has(shortName(host))
      if (isSource && row.endpoint?.id !== endpoint.id) found.set(row.id, row)
    }
  }
  for (const account of await accountsOf(context, path)) {
    const { rows } = await context.ask('event.search', {
      kinds: [...FAILURES],
      entityId: account.id,
      from,
      to,
      limit: MAX_FAILURES,
    })
    for (const row of rows) if (row.user?.id === account.id) found.set(row.id, row)
  }
  return groupAttempts([...found.values()].filter((event) => event.at !== null && hasFailed(event)))
}

function groupAttempts(events: readonly EventRow[]): readonly FailedAttempt[] {
  const sorted = [...events].sort(
    (a, b) => (a.at ?? '').localeCompare(b.at ?? '', 'en') || Number(a.id) - Number(b.id),
  )
  const groups = new Map<string, EventRow[]>()
  for (const event of sorted) {
    const source = shortName(text(event, 'source.host') || text(event, 'source.ip'))
    const key = JSON.stringify([
      bareAccount(accountOf(event)),
      source,
      event.endpoint?.id ?? '',
      text(event, 'event.status').toLowerCase(),
    ])
    groups.set(key, [...(groups.get(key) ?? []), event])
  }
  return [...groups.values()].flatMap((group): readonly FailedAttempt[] => {
    const [first] = group
    const last = group.at(-1)
    if (first === undefined || last === undefined) return []
    const counts = new Map(
      FAILURES.map((kind) => [kind, group.filter((event) => event.kind === kind).length] as const).filter(
        ([, count]) => count > 0,
      ),
    )
    // The longest form of the name says most: with its domain.
    const account = group.map(accountOf).reduce((a, b) => (b.length > a.length ? b : a), '')
    return [
      {
        account,
        source: text(first, 'source.host') || text(first, 'source.ip'),
        target: first.endpoint,
        status: text(first, 'event.status').toLowerCase(),
        counts,
        from: first.at ?? '',
        to: last.at ?? '',
        events: group,
      },
    ]
  })
}
