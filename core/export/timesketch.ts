import { toIso } from '../store/time.ts'
import type { ExportSource } from './exporter.ts'
import { eventPages, type ExportEvent } from './rows/events.ts'

/** An event in Timesketch's words: `message`, `datetime`, `timestamp` (microseconds), `timestamp_desc` are its own, the rest is ours. */
export interface SketchEvent {
  readonly message: string
  readonly datetime: string
  readonly timestamp: number
  readonly timestamp_desc: string
  readonly event: ExportEvent
}

/** `2026-03-02T08:00:00.000000+00:00`: an offset, as Timesketch's guide to its CSV import asks for. */
const datetimeOf = (us: number): string => {
  const [clock = '', fraction = ''] = toIso(us).slice(0, -1).split('.')
  return `${clock}.${fraction.padEnd(6, '0')}+00:00`
}

/** Dated events alone: Timesketch takes no event without a time. */
export async function* sketchEvents(source: ExportSource): AsyncGenerator<SketchEvent> {
  for await (const page of eventPages(source))
    for (const event of page) {
      if (event.atUs === null) continue
      yield {
        message: event.summary === '' ? event.kind : `${event.kind}: ${event.summary}`,
        datetime: datetimeOf(event.atUs),
        timestamp: event.atUs,
        timestamp_desc: event.kind,
        event,
      }
    }
}

/** Names that Timesketch keeps for itself get none of our columns; dots become underscores, as its own parsers write them. */
export const sketchName = (name: string): string => name.replaceAll('.', '_')

export const sketchTexts = {
  description: {
    en: 'The timeline of dated events, with message, datetime, timestamp and timestamp_desc as Timesketch asks for.',
    'zh-TW': '有時間的事件時間軸，含 Timesketch 要求的 message、datetime、timestamp 與 timestamp_desc。',
    ja: '日時のあるイベントのタイムライン。Timesketch が求める message、datetime、timestamp、timestamp_desc を含みます。',
  },
  left: {
    en: 'Events without a time; raw records.',
    'zh-TW': '沒有時間的事件；原始紀錄。',
    ja: '日時のないイベント。生レコード。',
  },
} as const
