import { plausibleUs } from '../../normalise/time.ts'
import type { ForeignDatabase } from '../../store/foreign-database.ts'
import type { ParsedRecord } from '../importer.ts'
import { integerOf, item, type Profile, record, textOf } from './record.ts'

const BROWSER = 'Mozilla Firefox'
/** Kinds of visits (nsINavHistoryService.idl), from 1 on. */
const VISIT_TYPES = [
  'link',
  'typed',
  'bookmark',
  'embedded',
  'permanent redirect',
  'temporary redirect',
  'download',
  'framed link',
  'reload',
] as const
/** The note that says where a download was put. */
const DESTINATION = 'downloads/destinationFileURI'

/** Microseconds since 1970. */
const timeOf = (value: unknown): number | null => {
  const us = integerOf(value)
  return us === undefined || us === 0 ? null : (plausibleUs(us) ?? null)
}

/** Whether these are the tables of a places.sqlite. */
export const isFirefox = (database: ForeignDatabase): boolean =>
  database.columns('moz_historyvisits', ['visit_date', 'place_id']).length === 2 &&
  database.columns('moz_places', ['url']).length === 1

/** Visits, then where downloads were put. */
export function* readFirefox(database: ForeignDatabase, { person }: Profile): Generator<ParsedRecord> {
  const placeOf = database.finder('moz_places', ['url', 'title'])
  const visitOf = database.finder('moz_historyvisits', ['place_id'])
  const pageOf = (place: unknown) => (typeof place === 'bigint' ? placeOf(place) : undefined)
  const said = { provider: BROWSER, application: BROWSER, account: person }
  for (const visit of database.rows('moz_historyvisits', [
    'place_id',
    'visit_date',
    'visit_type',
    'from_visit',
  ])) {
    const page = pageOf(visit['place_id'])
    const from = visit['from_visit']
    const came = typeof from === 'bigint' && from > 0n ? pageOf(visitOf(from)?.['place_id']) : undefined
    const at = timeOf(visit['visit_date'])
    const url = textOf(page?.['url'])
    const type = VISIT_TYPES[(integerOf(visit['visit_type']) ?? 0) - 1]
    const parts = [textOf(page?.['title']), type].filter((part) => part !== undefined)
    const visited = item('http-request', at, {
      ...said,
      url,
      referrer: textOf(came?.['url']),
      action: 'browser-history',
      detail: parts.length === 0 ? undefined : parts.join(' · '),
    })
    const row = { ...visit, page_url: page?.['url'] ?? null, title: page?.['title'] ?? null }
    yield record(
      'moz_historyvisits',
      row,
      [visited],
      at === null ? undefined : `${visit['visit_date']}|${url}`,
    )
  }
  const attributeOf = database.finder('moz_anno_attributes', ['name'])
  for (const note of database.rows('moz_annos', ['place_id', 'anno_attribute_id', 'content', 'dateAdded'])) {
    const attribute = note['anno_attribute_id']
    if (typeof attribute !== 'bigint' || attributeOf(attribute)?.['name'] !== DESTINATION) continue
    const at = timeOf(note['dateAdded'])
    const url = textOf(pageOf(note['place_id'])?.['url'])
    const target = pathOf(textOf(note['content']))
    const put = item(target === undefined ? 'generic' : 'file-create', at, {
      ...said,
      action: 'browser-download',
      target,
      url,
    })
    const row = { ...note, page_url: url ?? null }
    yield record('moz_annos', row, [put], at === null ? undefined : `${note['dateAdded']}|${target}`)
  }
}

/** `file:///C:/Users/amber/x%20y.zip` as the path it names. */
function pathOf(uri: string | undefined): string | undefined {
  const written = /^file:\/\/\/(.+)$/i.exec(uri ?? '')?.[1]
  if (written === undefined) return undefined
  let path = written
  try {
    path = decodeURIComponent(written)
  } catch (thrown) {
    // Not percent-encoded after all: as it stands.
    if (!(thrown instanceof URIError)) throw thrown
  }
  return /^[a-z]:/i.test(path) ? path.replaceAll('/', '\\') : `/${path}`
}
