import { parseUrl } from '../normalise/url.ts'
import type { ReadStore } from '../store/store.ts'
import type { Found, SightingCollector } from './collector.ts'
import type { Matcher } from './matchers.ts'
import type { PLACES } from './observables.ts'
import type { Period } from './scan-events.ts'

type Matchers = ReadonlyMap<keyof typeof PLACES, Matcher>

/** What a row of mail is checked for: kind of indicator and text. */
type Check = readonly [keyof typeof PLACES, string | null]

const context = `m.event_id AS event, m.evidence_id AS evidenceId, m.record AS record, e.at AS at, coalesce(e.endpoint_id, iif(e.user_id IS NULL, m.entity_id, NULL)) AS entity, e.user_id AS user`
const inPeriod = `(e.at IS NULL OR ((@from IS NULL OR e.at >= @from) AND (@to IS NULL OR e.at <= @to)))`
const urls = 'SELECT id, url, host FROM url'
const ofUrl = `SELECT ${context} FROM message_url u JOIN message m ON m.id = u.message JOIN event e ON e.id = m.event_id WHERE u.url_id = @id AND ${inPeriod}`
const recipients = `SELECT DISTINCT address FROM message_recipient`
const ofRecipient = `SELECT ${context} FROM message_recipient r JOIN message m ON m.id = r.message JOIN event e ON e.id = m.event_id WHERE r.address = @id AND ${inPeriod}`
const attachments = `SELECT a.name, a.sha256, a.sha1, a.md5, ${context} FROM attachment a JOIN message m ON m.id = a.message JOIN event e ON e.id = m.event_id WHERE ${inPeriod}`
const headers = `SELECT m.reply_to AS replyTo, m.return_path AS returnPath, m.source_ip AS sourceIp, m.source_domain AS sourceDomain, ${context}
  FROM message m JOIN event e ON e.id = m.event_id WHERE ${inPeriod} AND (m.reply_to <> '[]' OR m.return_path IS NOT NULL OR m.source_ip IS NOT NULL OR m.source_domain IS NOT NULL)`

type Context = Omit<Found, 'field' | 'value'>

/** Looks for the indicators in what messages hold beside their event: all links, recipients, attachments, sender headers. */
export function scanMail(
  db: ReadStore,
  matchers: Matchers,
  period: Period,
  collector: SightingCollector,
  onStep: () => void,
): void {
  const bounds = { from: period.from, to: period.to }
  const numbersOf = (checks: readonly Check[]): number[] => [
    ...new Set(
      checks.flatMap(([kind, text]) =>
        text === null || text === '' ? [] : [...(matchers.get(kind)?.find(text) ?? [])],
      ),
    ),
  ]
  let rows = 0
  const step = () => {
    if ((rows += 1) % 10_000 === 0) onStep()
  }
  const report = (numbers: readonly number[], at: Context, field: string, value: string) => {
    for (const number of numbers) collector.add(number, { ...at, field, value })
  }
  const messagesOf = (sql: string) => {
    const statement = db.prepare(sql)
    return (id: number | string) => statement.all({ ...bounds, id }) as Context[]
  }

  if (matchers.has('url') || matchers.has('domain') || matchers.has('ip')) {
    const holders = messagesOf(ofUrl)
    for (const { id, url, host } of db.prepare(urls).all() as { id: number; url: string; host: string }[]) {
      step()
      const normal = parseUrl(url)?.text ?? null
      const numbers = numbersOf([
        ['url', normal],
        ['url', url],
        ['domain', host],
        ['ip', host],
      ])
      if (numbers.length > 0)
        for (const message of holders(id)) report(numbers, pick(message), 'email.url', url)
    }
  }
  if (matchers.has('email') || matchers.has('domain')) {
    const holders = messagesOf(ofRecipient)
    for (const address of db.prepare(recipients).pluck().all() as string[]) {
      step()
      const numbers = numbersOf([
        ['email', address],
        ['domain', domainOf(address)],
      ])
      if (numbers.length > 0)
        for (const message of holders(address)) report(numbers, pick(message), 'email.to', address)
    }
  }
  if (['file-name', 'sha256', 'sha1', 'md5'].some((kind) => matchers.has(kind as keyof typeof PLACES))) {
    for (const row of db.prepare(attachments).iterate(bounds) as IterableIterator<
      Context & { name: string; sha256: string | null; sha1: string | null; md5: string | null }
    >) {
      step()
      for (const [kind, text] of [
        ['file-name', row.name],
        ['sha256', row.sha256],
        ['sha1', row.sha1],
        ['md5', row.md5],
      ] as const)
        report(numbersOf([[kind, text]]), pick(row), 'email.attachment', text ?? '')
    }
  }
  if (matchers.has('email') || matchers.has('domain') || matchers.has('ip')) {
    for (const row of db.prepare(headers).iterate(bounds) as IterableIterator<
      Context & {
        replyTo: string
        returnPath: string | null
        sourceIp: string | null
        sourceDomain: string | null
      }
    >) {
      step()
      const named = [...addressesIn(row.replyTo), ...(row.returnPath === null ? [] : [row.returnPath])]
      for (const address of named)
        report(
          numbersOf([
            ['email', address],
            ['domain', domainOf(address)],
          ]),
          pick(row),
          'email.reply_to',
          address,
        )
      report(numbersOf([['ip', row.sourceIp]]), pick(row), 'source.ip', row.sourceIp ?? '')
      report(numbersOf([['domain', row.sourceDomain]]), pick(row), 'source.host', row.sourceDomain ?? '')
    }
  }
}

const pick = ({ event, evidenceId, record, at, entity, user }: Context): Context => ({
  event,
  evidenceId,
  record,
  at,
  entity,
  user,
})
const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1)
const addressesIn = (text: string): string[] => text.match(/[^\s,;<>"[\]]+@[^\s,;<>"[\]]+/g) ?? []
