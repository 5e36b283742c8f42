import { DateTime } from 'luxon'
import type { CaseInfo } from '../contract/nouns/case.ts'
import type { ReportSettings } from '../contract/nouns/report.ts'
import type { Ask } from '../jobs/handlers.ts'
import { WorkbenchError } from '../model/errors.ts'
import { words, type Inline, type Words } from './document.ts'

/** A cited record of evidence. */
export interface Citation {
  readonly evidenceId: string
  readonly record: number
}

/** What a section gets. All sections of one report share it, except for `words`, which knows the section's prefix. */
export interface ReportContext {
  readonly settings: ReportSettings
  /** Asks the engine; the same question is asked once per report. */
  readonly ask: Ask
  readonly case: CaseInfo
  /** ISO-8601 UTC: the time printed in the report. */
  readonly generatedAt: string
  /** A sentence out of the section's own texts. */
  words(key: string, params?: Words['params']): Words
  /** `2026-03-01 10:30:12` in the zone of the case; an empty text for no time. */
  time(at: string | null | undefined, precision?: 'minute' | 'second' | 'millisecond'): string
  /** Cites a record; its raw text is then printed in the appendix. */
  cite(evidenceId: string, record: number): Inline
  /** Names a record without having it printed: a table of many rows rests on many records that look alike. */
  mention(evidenceId: string, record: number): Inline
  /** Everything cited so far, by evidence and record. */
  cited(): readonly Citation[]
  /** Everything only mentioned so far, by evidence and record. */
  mentioned(): readonly Citation[]
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

/**
 * The context of one report; `forSection` binds it to one section.
 * @throws WorkbenchError `case.none_open`
 */
export async function createContext(
  ask: Ask,
  settings: ReportSettings,
  generatedAt: string,
): Promise<(sectionId: string) => ReportContext> {
  const remembered = rememberAnswers(ask)
  const info = await remembered('case.info', {})
  if (info === null) throw new WorkbenchError('case.none_open')
  const cited = new Map<string, Citation>()
  const mentioned = new Map<string, Citation>()
  return (sectionId) => {
    const sentence = (key: string, params: Words['params'] = {}): Words =>
      words(`report.${sectionId}.${key}`, params)
    return {
      settings,
      ask: remembered,
      case: info,
      generatedAt,
      words: sentence,
      time: (at, precision) => (at == null ? '' : formatTime(at, info.zone, precision)),
      cite(evidenceId, record) {
        const citation = { evidenceId, record }
        cited.set(recordRef(citation), citation)
        return { kind: 'cite', ref: recordRef(citation) }
      },
      mention(evidenceId, record) {
        const citation = { evidenceId, record }
        mentioned.set(recordRef(citation), citation)
        return { kind: 'cite', ref: recordRef(citation) }
      },
      cited: () => [...cited.values()].sort(byPlace),
      mentioned: () =>
        [...mentioned.values()].filter((citation) => !cited.has(recordRef(citation))).sort(byPlace),
    }
  }
}

const byPlace = (a: Citation, b: Citation): number =>
  a.evidenceId.length - b.evidenceId.length ||
  (a.evidenceId < b.evidenceId ? -1 : a.evidenceId > b.evidenceId ? 1 : a.record - b.record)

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
