import { plausibleUs } from '../../normalise/time.ts'
import type { ForeignDatabase, ForeignRow, NumberedRow } from '../../store/foreign-database.ts'
import type { ParsedRecord } from '../importer.ts'
import { integerOf, item, type Profile, record, textOf } from './record.ts'

/** From 1601-01-01 to 1970-01-01: Chromium counts microseconds since the former. */
const SINCE_1601_US = 11_644_473_600_000_000n

const timeOf = (value: unknown): number | null =>
  typeof value === 'bigint' && value > 0n ? (plausibleUs(Number(value - SINCE_1601_US)) ?? null) : null

/** Core part of a page transition (ui/base/page_transition_types.h); qualifiers stand in the higher bits. */
const TRANSITIONS = [
  'link',
  'typed',
  'bookmark',
  'subframe',
  'subframe by hand',
  'chosen suggestion',
  'start page',
  'form',
  'reload',
  'keyword',
  'keyword generated',
] as const
/** What Chromium thought of a download (components/download/public/common/download_danger_type.h). */
const DANGERS: ReadonlyMap<number, string> = new Map([
  [1, 'dangerous file'],
  [2, 'dangerous URL'],
  [3, 'dangerous content'],
  [4, 'content not checked'],
  [5, 'uncommon content'],
  [6, 'dangerous, kept by the user'],
  [7, 'dangerous host'],
  [8, 'potentially unwanted'],
])
const STATES = ['in progress', 'complete', 'cancelled', 'interrupted'] as const
const COMPLETE = 1

const VISITS = [
  'url',
  'visit_time',
  'from_visit',
  'external_referrer_url',
  'transition',
  'originator_cache_guid',
]
const DOWNLOADS = [
  'target_path',
  'current_path',
  'start_time',
  'end_time',
  'received_bytes',
  'state',
  'danger_type',
  'opened',
  'last_access_time',
  'referrer',
  'tab_url',
  'mime_type',
  'hash',
]

/** Whether these are the tables of a History file (Chrome, Edge, Brave, Opera, Vivaldi). */
export const isChromium = (database: ForeignDatabase): boolean =>
  database.columns('visits', ['visit_time', 'url']).length === 2 &&
  database.columns('urls', ['url']).length === 1

/** Visits, then downloads. */
export function* readChromium(database: ForeignDatabase, profile: Profile): Generator<ParsedRecord> {
  const pageOf = database.finder('urls', ['url', 'title'])
  const visitOf = database.finder('visits', ['url'])
  const urlOf = (page: unknown) => (typeof page === 'bigint' ? pageOf(page) : undefined)
  for (const visit of database.rows('visits', VISITS)) {
    const page = urlOf(visit['url'])
    const from = visit['from_visit']
    const came = typeof from === 'bigint' && from > 0n ? urlOf(visitOf(from)?.['url']) : undefined
    yield readVisit(
      { ...visit, page_url: page?.['url'] ?? null, title: page?.['title'] ?? null },
      came,
      profile,
    )
  }
  const chains = chainsOf(database)
  for (const download of database.rows('downloads', DOWNLOADS)) yield readDownload(download, chains, profile)
}

function readVisit(
  visit: NumberedRow,
  came: ForeignRow | undefined,
  { browser, person }: Profile,
): ParsedRecord {
  const at = timeOf(visit['visit_time'])
  const url = textOf(visit['page_url'])
  const transition = TRANSITIONS[Number((visit['transition'] as bigint | null) ?? -1n) & 0xff]
  // Visits of the same person's other devices stand here too: they are of no use for this endpoint.
  const isSynced = textOf(visit['originator_cache_guid']) !== undefined
  const title = textOf(visit['title'])
  const said = [title, transition].filter((part) => part !== undefined)
  const visited = item(isSynced ? 'generic' : 'http-request', at, {
    provider: browser ?? 'Chromium',
    application: browser,
    account: person,
    url,
    referrer: textOf(came?.['url']) ?? textOf(visit['external_referrer_url']),
    action: isSynced ? 'visited-on-another-device' : 'browser-history',
    detail: said.length === 0 ? undefined : said.join(' · '),
  })
  return record('visits', visit, [visited], at === null ? undefined : `${visit['visit_time']}|${url}`)
}

/** The addresses a download went through, in their order. */
function chainsOf(database: ForeignDatabase): ReadonlyMap<bigint, readonly string[]> {
  const chains = new Map<bigint, [index: bigint, url: string][]>()
  for (const row of database.rows('downloads_url_chains', ['id', 'chain_index', 'url'])) {
    const [id, index, url] = [row['id'], row['chain_index'], textOf(row['url'])]
    if (typeof id !== 'bigint' || typeof index !== 'bigint' || url === undefined) continue
    const chain = chains.get(id) ?? []
    chains.set(id, chain)
    chain.push([index, url])
  }
  return new Map(
    [...chains].map(([id, chain]) => [id, chain.sort(([a], [b]) => Number(a - b)).map(([, url]) => url)]),
  )
}

function readDownload(
  row: NumberedRow,
  chains: ReadonlyMap<bigint, readonly string[]>,
  { browser, person }: Profile,
): ParsedRecord {
  const chain = chains.get(row.rowid) ?? []
  const [asked, final] = [chain[0], chain.at(-1)]
  const target = textOf(row['target_path']) ?? textOf(row['current_path'])
  const [start, end] = [timeOf(row['start_time']), timeOf(row['end_time'])]
  const state = integerOf(row['state'])
  const isThere = state === COMPLETE && target !== undefined
  const said = { provider: browser ?? 'Chromium', application: browser, account: person }
  const danger = DANGERS.get(integerOf(row['danger_type']) ?? 0)
  const hash = row['hash']
  const items = [
    item(isThere ? 'file-create' : 'generic', isThere ? (end ?? start) : start, {
      ...said,
      action: 'browser-download',
      target,
      url: final,
      referrer: textOf(row['tab_url']) ?? textOf(row['referrer']),
      sha256: Buffer.isBuffer(hash) && hash.length === 32 ? hash.toString('hex') : undefined,
      bytesReceived: integerOf(row['received_bytes']),
      status: STATES[state ?? -1],
      detail:
        [textOf(row['mime_type']), danger].filter((part) => part !== undefined).join(' · ') || undefined,
    }),
  ]
  // A link that is a download makes no visit: what was asked for stands here alone.
  if (asked !== undefined)
    items.unshift(
      item('http-request', start, {
        ...said,
        action: 'browser-download',
        url: asked,
        referrer: textOf(row['tab_url']),
      }),
    )
  const opened = timeOf(row['last_access_time'])
  if (isThere && row['opened'] === 1n && opened !== null)
    items.push(item('file-read', opened, { ...said, action: 'opened-from-browser', target }))
  return record('downloads', row, items, start === null ? undefined : `${row['start_time']}|${target}`)
}
