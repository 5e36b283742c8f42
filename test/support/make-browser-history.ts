import Database from 'better-sqlite3'

/** Microseconds since 1601, as Chromium counts. */
export const chromiumTime = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n + 11_644_473_600_000_000n
const unixTime = (iso: string): bigint => BigInt(Date.parse(iso)) * 1000n

/** SQL as it stands, or with values for its question marks. */
export type Statement = string | readonly [sql: string, ...values: unknown[]]

/** A database of these statements as the bytes of its file; small pages keep fixtures small. */
export function databaseOf(...statements: readonly Statement[]): Buffer {
  const db = new Database(':memory:')
  db.pragma('page_size = 1024')
  for (const statement of statements) {
    if (typeof statement === 'string') db.exec(statement)
    else {
      const [sql, ...values] = statement
      db.prepare(sql).run(...values)
    }
  }
  const bytes = db.serialize()
  db.close()
  return bytes
}

const CHROMIUM = `
  CREATE TABLE meta(key LONGVARCHAR NOT NULL UNIQUE PRIMARY KEY, value LONGVARCHAR);
  CREATE TABLE urls(id INTEGER PRIMARY KEY AUTOINCREMENT, url LONGVARCHAR, title LONGVARCHAR, visit_count INTEGER DEFAULT 0 NOT NULL,
    typed_count INTEGER DEFAULT 0 NOT NULL, last_visit_time INTEGER NOT NULL, hidden INTEGER DEFAULT 0 NOT NULL);
  CREATE TABLE visits(id INTEGER PRIMARY KEY AUTOINCREMENT, url INTEGER NOT NULL, visit_time INTEGER NOT NULL, from_visit INTEGER,
    external_referrer_url TEXT, transition INTEGER DEFAULT 0 NOT NULL, visit_duration INTEGER DEFAULT 0 NOT NULL, originator_cache_guid TEXT);
  CREATE TABLE downloads(id INTEGER PRIMARY KEY, guid VARCHAR NOT NULL, current_path LONGVARCHAR NOT NULL, target_path LONGVARCHAR NOT NULL,
    start_time INTEGER NOT NULL, received_bytes INTEGER NOT NULL, total_bytes INTEGER NOT NULL, state INTEGER NOT NULL,
    danger_type INTEGER NOT NULL, interrupt_reason INTEGER NOT NULL, hash BLOB NOT NULL, end_time INTEGER NOT NULL, opened INTEGER NOT NULL,
    last_access_time INTEGER NOT NULL, referrer VARCHAR NOT NULL, tab_url VARCHAR NOT NULL, mime_type VARCHAR(255) NOT NULL);
  CREATE TABLE downloads_url_chains(id INTEGER NOT NULL, chain_index INTEGER NOT NULL, url LONGVARCHAR NOT NULL, PRIMARY KEY (id, chain_index));`

/** A page of `urls`. */
export const page = (id: number, url: string, title: string) =>
  ['INSERT INTO urls VALUES (?, ?, ?, 1, 0, 0, 0)', id, url, title] as const
/** A visit: transition 0 is a link; the high bits are qualifiers. */
export const visit = (id: number, url: number, at: string, from = 0, transition = 0x3000_0000, guid = '') =>
  [
    'INSERT INTO visits VALUES (?, ?, ?, ?, ?, ?, 0, ?)',
    id,
    url,
    chromiumTime(at),
    from,
    '',
    transition,
    guid,
  ] as const
/** A download: state 1 is complete. */
export const download = (
  id: number,
  target: string,
  at: string,
  urls: readonly string[],
  more: { state?: number; danger?: number; opened?: string; hash?: string; tab?: string } = {},
) =>
  [
    [
      'INSERT INTO downloads VALUES (?, ?, ?, ?, ?, 4711, 4711, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?)',
      id,
      `guid-${id}`,
      target,
      target,
      chromiumTime(at),
      more.state ?? 1,
      more.danger ?? 0,
      Buffer.from(more.hash ?? '', 'hex'),
      chromiumTime(at) + 2_000_000n,
      more.opened === undefined ? 0 : 1,
      more.opened === undefined ? 0n : chromiumTime(more.opened),
      '',
      more.tab ?? '',
      'application/octet-stream',
    ] as const,
    ...urls.map(
      (url, index) => ['INSERT INTO downloads_url_chains VALUES (?, ?, ?)', id, index, url] as const,
    ),
  ] as const

/** A History file of a Chromium browser. */
export const chromiumHistory = (...rows: readonly Statement[]): Buffer => databaseOf(CHROMIUM, ...rows)

/** A places.sqlite of Firefox: a page, a visit that came from another, a download. */
export const firefoxHistory = (): Buffer =>
  databaseOf(
    `CREATE TABLE moz_places(id INTEGER PRIMARY KEY, url LONGVARCHAR, title LONGVARCHAR, visit_count INTEGER DEFAULT 0);
     CREATE TABLE moz_historyvisits(id INTEGER PRIMARY KEY, from_visit INTEGER, place_id INTEGER, visit_date INTEGER, visit_type INTEGER, session INTEGER);
     CREATE TABLE moz_anno_attributes(id INTEGER PRIMARY KEY, name VARCHAR(32) UNIQUE NOT NULL);
     CREATE TABLE moz_annos(id INTEGER PRIMARY KEY, place_id INTEGER NOT NULL, anno_attribute_id INTEGER, content LONGVARCHAR, flags INTEGER, dateAdded INTEGER);`,
    ['INSERT INTO moz_places VALUES (1, ?, ?, 1)', 'https://mail.corp.example/inbox', 'Inbox'],
    ['INSERT INTO moz_places VALUES (2, ?, ?, 1)', 'https://parcel.example/t?id=4471', 'Your parcel'],
    ['INSERT INTO moz_places VALUES (3, ?, NULL, 1)', 'https://cdn.parcel.example/label%20a.zip'],
    ['INSERT INTO moz_historyvisits VALUES (1, 0, 1, ?, 2, 0)', unixTime('2031-05-06T07:00:00.5Z')],
    ['INSERT INTO moz_historyvisits VALUES (2, 1, 2, ?, 1, 0)', unixTime('2031-05-06T07:05:00.25Z')],
    ['INSERT INTO moz_historyvisits VALUES (3, 2, 3, ?, 7, 0)', unixTime('2031-05-06T07:05:10Z')],
    `INSERT INTO moz_anno_attributes VALUES (1, 'downloads/metaData'), (2, 'downloads/destinationFileURI')`,
    ['INSERT INTO moz_annos VALUES (1, 3, 1, ?, 0, ?)', '{"state":1}', unixTime('2031-05-06T07:05:12Z')],
    [
      'INSERT INTO moz_annos VALUES (2, 3, 2, ?, 0, ?)',
      'file:///C:/Users/amber/Downloads/label%20a.zip',
      unixTime('2031-05-06T07:05:11Z'),
    ],
  )

/** What the fixtures are made of. */
export const goodChromium = (): Buffer =>
  chromiumHistory(
    page(1, 'https://mail.corp.example/owa', 'Mail'),
    page(2, 'https://parcel.example/t?id=4471', 'Your parcel'),
    page(3, 'https://news.example/', '新聞'),
    visit(1, 1, '2031-05-06T07:00:00Z', 0, 1),
    visit(2, 2, '2031-05-06T07:05:00.123Z', 1),
    visit(3, 3, '2031-05-06T06:00:00Z', 0, 8, 'b3-other-device'),
    visit(4, 99, '2031-05-06T08:00:00Z', 98),
    ...download(
      1,
      'C:\\Users\\amber\\Downloads\\label.zip',
      '2031-05-06T07:05:10Z',
      ['https://parcel.example/label', 'https://cdn.example/label.zip'],
      {
        danger: 5,
        opened: '2031-05-06T07:06:00Z',
        hash: 'ab'.repeat(32),
        tab: 'https://parcel.example/t?id=4471',
      },
    ),
    ...download(
      2,
      'C:\\Users\\amber\\Downloads\\stopped.exe',
      '2031-05-06T07:07:00Z',
      ['https://cdn.example/x'],
      {
        state: 2,
        danger: 1,
      },
    ),
  )
