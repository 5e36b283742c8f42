import { DateTime } from 'luxon'
import type { CaseInfo } from '../contract/nouns/case.ts'
import type { ReportSettings } from '../contract/nouns/report.ts'
import type { Ask } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { words, type Inline, type Words } from './document.ts'
import type { Redactor } from './redaction/redactor.ts'

/** A cited record of evidence. */
export interface Citation {
  readonly evidenceId: string
  readonly record: number
}

/** One question a section put to the case. */
export interface Question {
  readonly section: string
  readonly method: string
  /** JSON of the input. */
  readonly input: string
}

/** What a section gets. All sections of one report share it, except for what belongs to the section: words, options. */
export interface ReportContext {
  readonly settings: ReportSettings
  /** Asks the engine; the same question is asked once per report. */
  readonly ask: Ask
  /** Asks without remembering the answer: for the pages of a long table. */
  readonly askOnce: Ask
  readonly case: CaseInfo
  /** ISO-8601 UTC: the time printed in the report. */
  readonly generatedAt: string
  /** Sections of this report, in printing order. */
  readonly chosen: readonly string[]
  /** Rows of a long table at most (a preview shows the first); null: all. */
  readonly rowLimit: number | null
  /** Says that a long table shows its first rows only. */
  noteCut(): void
  /** Null: nothing is redacted. */
  readonly redactor: Redactor | null
  /** Aborted when the analyst cancels. */
  readonly signal: AbortSignal
  /** A sentence out of the section's own texts. */
  words(key: string, params?: Words['params']): Words
  /** Value of an option the section declares. */
  count(option: string): number
  flag(option: string): boolean
  choice(option: string): string
  /** `2026-03-01 10:30:12` in the zone of the case; an empty text for no time. */
  time(at: string | null | undefined, precision?: 'minute' | 'second' | 'millisecond'): string
  /** Cites a record; its raw text is then printed in the appendix. */
  cite(evidenceId: string, record: number): Inline
  /** Names a record that the appendix lists without its text: a table of many rows rests on many records that look alike. */
  mention(evidenceId: string, record: number): Inline
  /** The same without a link: for the rows of a long table. */
  name(evidenceId: string, record: number): Inline
  /** Everything cited so far, by evidence and record. */
  cited(): readonly Citation[]
  /** Records only mentioned so far, by evidence. */
  mentioned(): ReadonlyMap<string, readonly number[]>
  /** Every question asked so far, each once, in a fixed order. */
  asked(): readonly Question[]
}

const FORMATS = {
  minute: 'yyyy-MM-dd HH:mm',
  second: 'yyyy-MM-dd HH:mm:ss',
  millisecond: 'yyyy-MM-dd HH:mm:ss.SSS',
}

/** ISO time in an IANA zone, independent of the machine's zone and language. Text that is no time comes back as it is. */
export function formatTime(at: string, zone: string, precision: keyof typeof FORMATS = 'second'): string {
  const time = DateTime.fromISO(at, { zone: 'utc' })
  if (!time.isValid) return at
  const local = time.setZone(zone)
  return (local.isValid ? local : time).setLocale('en').toFormat(FORMATS[precision])
}

/** Stable name of a record in this report: `E3:1204`. */
export const recordRef = (citation: Citation): string => `E${citation.evidenceId}:${citation.record}`

export interface ContextInput {
  readonly ask: Ask
  readonly settings: ReportSettings
  readonly generatedAt: string
  readonly chosen: readonly string[]
  readonly options: ReadonlyMap<string, ReadonlyMap<string, boolean | number | string>>
  readonly rowLimit: number | null
  readonly noteCut: () => void
  readonly redactor: Redactor | null
  readonly signal: AbortSignal
}

/**
 * The context of one report; the function it gives binds it to one section.
 * @throws WorkbenchError `case.none_open`
 */
export async function createContext(input: ContextInput): Promise<(sectionId: string) => ReportContext> {
  const { settings, redactor } = input
  const clean: Ask =
    redactor === null
      ? input.ask
      : async (method, question) => redactor.cleanAnswer(await input.ask(method, question))
  const remembered = rememberAnswers(clean)
  const info = await remembered('case.info', {})
  if (info === null) throw new WorkbenchError('case.none_open')
  const cited = new Map<string, Citation>()
  const mentioned = new Map<string, Set<number>>()
  const questions = new Map<string, Question>()
  return (sectionId) => {
    const noting =
      (ask: Ask): Ask =>
      (method, question) => {
        noteQuestion(questions, sectionId, method, question)
        return ask(method, question)
      }
    const option = (id: string): boolean | number | string => {
      const value = input.options.get(sectionId)?.get(id)
      if (value === undefined) throw new Error(`section ${sectionId} declares no option ${id}`)
      return value
    }
    return {
      ...input,
      settings,
      ask: noting(remembered),
      askOnce: noting(clean),
      case: info,
      words: (key, params = {}) => words(`report.${sectionId}.${key}`, params),
      count: (id) => Number(option(id)),
      flag: (id) => option(id) === true,
      choice: (id) => String(option(id)),
      time: (at, precision) => (at == null ? '' : formatTime(at, info.zone, precision)),
      cite(evidenceId, record) {
        const citation = { evidenceId, record }
        cited.set(recordRef(citation), citation)
        return { kind: 'cite', ref: recordRef(citation) }
      },
      mention(evidenceId, record) {
        const records = mentioned.get(evidenceId) ?? new Set()
        mentioned.set(evidenceId, records.add(record))
        return { kind: 'cite', ref: recordRef({ evidenceId, record }) }
      },
      name(evidenceId, record) {
        this.mention(evidenceId, record)
        return { kind: 'cite', ref: recordRef({ evidenceId, record }), isPlain: true }
      },
      cited: () => [...cited.values()].sort(byPlace),
      mentioned: () => withoutCited(mentioned, cited),
      asked: () =>
        [...questions].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, question]) => question),
    }
  }
}

/** Distinct questions noted per section and method: a table of relations asks for thousands of single rows. */
const MAX_NOTED = 200

function noteQuestion(
  questions: Map<string, Question>,
  section: string,
  method: string,
  question: object,
): void {
  if (questions.size >= MAX_NOTED * 100) return
  // The place in a list is not part of what was asked.
  const { cursor: _cursor, ...asked } = question as { cursor?: unknown }
  const input = JSON.stringify(asked)
  questions.set(`${section} ${method} ${input}`, { section, method, input })
}

function withoutCited(
  mentioned: ReadonlyMap<string, ReadonlySet<number>>,
  cited: ReadonlyMap<string, Citation>,
): ReadonlyMap<string, readonly number[]> {
  const left = [...mentioned]
    .sort(([a], [b]) => byId(a, b))
    .map(([evidenceId, records]): [string, number[]] => [
      evidenceId,
      [...records].filter((record) => !cited.has(recordRef({ evidenceId, record }))).sort((a, b) => a - b),
    ])
  return new Map(left.filter(([, records]) => records.length > 0))
}

const byId = (a: string, b: string): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0)
const byPlace = (a: Citation, b: Citation): number => byId(a.evidenceId, b.evidenceId) || a.record - b.record

/** One answer per question: sections that need the same facts see the same facts, and the engine works once. */
function rememberAnswers(ask: Ask): Ask {
  const answers = new Map<string, unknown>()
  return (method, input) => {
    const question = `${method} ${JSON.stringify(input)}`
    const known = answers.get(question) as ReturnType<typeof ask<typeof method>> | undefined
    if (known !== undefined) return known
    const answer = ask(method, input)
    answers.set(question, answer)
    return answer
  }
}
