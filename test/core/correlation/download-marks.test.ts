import { describe, expect, it } from 'vitest'
import { DownloadMarks } from '../../../core/correlation/download-marks.ts'
import type { ViewEvent } from '../../../core/correlation/view.ts'
import type { EventKind } from '../../../core/model/event.ts'

const FILE = 'C:\\Users\\ann\\Downloads\\invoice.docm'
const DRIVE_BY = 'http://driveby.example/invoice.docm'
const WEBMAIL = 'https://mail.google.com/mail/u/0?attid=0.1'

const event = (kind: EventKind, second: number, fields: Record<string, string> = {}): ViewEvent =>
  ({ kind, at: second * 1e6, endpointId: 1, fields: { target: FILE, ...fields } }) as unknown as ViewEvent
const mark = (second: number, url?: string): ViewEvent =>
  event('file-stream', second, { target: `${FILE}:Zone.Identifier`, ...(url === undefined ? {} : { url }) })
/** Whether a file of that event is taken for one from elsewhere, after these marks. */
const isFromElsewhere = (about: ViewEvent, ...seen: ViewEvent[]): boolean => {
  const marks = new DownloadMarks()
  for (const one of seen) {
    const path = DownloadMarks.markedBy(one)
    if (path !== undefined) marks.note(one, path)
  }
  return marks.isFromElsewhere(about, FILE.toUpperCase())
}

describe('download marks', () => {
  it.each([
    ['the mark that a new file got', event('file-create', 60), [mark(61, DRIVE_BY)], true],
    ['the mark at the end of a long download', event('file-create', 60), [mark(900, DRIVE_BY)], true],
    ['the origin in the record itself', event('file-create', 60, { url: DRIVE_BY }), [], true],
    ['no mark', event('file-create', 60), [], false],
    ['a mark of webmail', event('file-create', 60), [mark(61, WEBMAIL)], false],
    ['a mark that names no page', event('file-create', 60), [mark(61)], false],
    ['the mark of an older file in its place', event('file-create', 9000), [mark(61, DRIVE_BY)], false],
    ['the mark of a later file in its place', event('file-create', 60), [mark(9000, DRIVE_BY)], false],
    [
      'of two new files in one place each its own',
      event('file-create', 60),
      [mark(61, WEBMAIL), mark(600, DRIVE_BY)],
      false,
    ],
    ['a file that was changed later', event('file-modify', 9000), [mark(61, DRIVE_BY)], true],
    [
      'a file that was replaced and changed then',
      event('file-modify', 9000),
      [mark(61, DRIVE_BY), mark(8000)],
      false,
    ],
  ] as const)('weigh %s', (_what, about, seen, expected) => {
    expect(isFromElsewhere(about, ...seen, about)).toBe(expected)
  })

  it('are the stream of the mark and the origin of the record, not other streams and not what is run', () => {
    expect(DownloadMarks.markedBy(mark(1))).toBe(FILE)
    expect(DownloadMarks.markedBy(event('file-create', 1, { url: DRIVE_BY }))).toBe(FILE)
    expect(DownloadMarks.markedBy(event('file-create', 1))).toBeUndefined()
    expect(DownloadMarks.markedBy(event('file-stream', 1, { target: `${FILE}:hidden` }))).toBeUndefined()
    expect(DownloadMarks.markedBy(event('process-start', 1, { url: DRIVE_BY }))).toBeUndefined()
  })
})
