import { addMessageData } from '../rendered-message.ts'
import { emptyWindowsEvent } from '../windows-event.ts'
import type { Dialect } from './dialect.ts'
import { isFailedAudit, setTime, textOf, toId } from './members.ts'
import { toProviderName } from './provider-name.ts'

const COLUMNS = ['Level', 'Date and Time', 'Source', 'Event ID', 'Task Category'] as const
/** Header of Event Viewer's "Save as CSV" by display language; the message follows in a sixth column without a name. */
const HEADERS: readonly (readonly string[])[] = [
  COLUMNS,
  ['等級', '日期和時間', '來源', '事件識別碼', '工作類別'],
  ['レベル', '日付と時刻', 'ソース', 'イベント ID', 'タスクのカテゴリ'],
  ['级别', '日期和时间', '来源', '事件 ID', '任务类别'],
  ['Ebene', 'Datum und Uhrzeit', 'Quelle', 'Ereignis-ID', 'Aufgabenkategorie'],
]

/** The first column of the Security log, and what it says of a refused attempt, in those languages. */
const KEYWORDS: ReadonlySet<string> = new Set([
  'keywords',
  '關鍵字',
  'キーワード',
  '关键字',
  'schlüsselwörter',
])
const FAILURES: ReadonlySet<string> = new Set([
  '稽核失敗',
  '失敗の監査',
  '審核失敗',
  '审核失败',
  'Überwachung gescheitert',
])

/** The English names of the columns when these are those of Event Viewer in a known language; undefined otherwise. */
export function eventViewerColumns(names: readonly string[]): readonly string[] | undefined {
  const written = names.map((name) => name.trim().toLowerCase())
  const isKnown = HEADERS.some(
    (header) =>
      header.length === written.length &&
      header.every(
        (name, index) =>
          name.toLowerCase() === written[index] || (index === 0 && KEYWORDS.has(written[index] ?? '')),
      ),
  )
  return isKnown ? COLUMNS : undefined
}

/** Event Viewer's CSV: local times in the format of the machine, no computer and no record number. */
export const eventViewer: Dialect = (object, times) => {
  if (textOf(object, 'Date and Time') === '' || textOf(object, 'Event ID') === '') return undefined
  const event = emptyWindowsEvent()
  event.provider = toProviderName(textOf(object, 'Source'))
  event.eventId = toId(textOf(object, 'Event ID'))
  // The Security log shows Keywords where others show Level.
  event.isAuditFailure = isFailedAudit(textOf(object, 'Level')) || FAILURES.has(textOf(object, 'Level'))
  setTime(event, times, textOf(object, 'Date and Time'))
  const message = textOf(object, 'Message')
  if (message !== '') {
    addMessageData(event, message)
    event.data.set('Message', message)
  }
  return { event }
}
