/**
 * Writes `good-every-event.evtx` and the fixtures of windows-xml: `node test/support/make-windows-event-fixtures.ts`.
 * They are committed; this file says how they came to be.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { writeEvtx } from '../../core/demo/evtx-writer.ts'
import { everyWindowsEvent } from './every-windows-event.ts'
import { eventToXml } from './event-to-xml.ts'

const save = (id: string, name: string, content: string | Uint8Array): void => {
  const folder = new URL(`../fixtures/${id}/`, import.meta.url)
  mkdirSync(folder, { recursive: true })
  writeFileSync(new URL(name, folder), content)
}
const events = everyWindowsEvent()
const xml = events.map((event) => eventToXml(event))
const declaration = '<?xml version="1.0" encoding="utf-8" standalone="yes"?>\r\n'
const rendering =
  "<RenderingInfo Culture='en-US'><Message>A service was installed in the system.</Message><Level>Information</Level>" +
  '<Task></Task><Opcode></Opcode><Channel>System</Channel><Provider>Service Control Manager</Provider><Keywords><Keyword>Classic</Keyword></Keywords></RenderingInfo>'
const first = events[0]!
const processingError = eventToXml({ ...first, recordId: 9_001 }).replace(
  /<EventData>.*<\/EventData>/,
  '<ProcessingErrorData><ErrorCode>15005</ErrorCode><DataItemName>ServiceName</DataItemName><EventPayload>550070006400</EventPayload></ProcessingErrorData>',
)
const messageOnly = eventToXml({ ...first, provider: 'Example-Unknown', recordId: 9_002 }, rendering).replace(
  /<EventData>.*<\/EventData>/,
  '',
)

save('evtx', 'good-every-event.evtx', writeEvtx(events))
save('windows-xml', 'good-wevtutil.xml', `${xml.join('\r\n')}\r\n`)
save('windows-xml', 'good-utf16.xml', Buffer.from(`\ufeff${xml.slice(0, 9).join('\r\n')}\r\n`, 'utf16le'))
save(
  'windows-xml',
  'good-event-viewer.xml',
  `${declaration}<Events>${eventToXml({ ...first, recordId: 9_000 }, rendering)}${processingError}${messageOnly}</Events>`,
)
save('windows-xml', 'truncated.xml', `${declaration}<Events>${xml.slice(0, 2).join('')}`.slice(0, -60))
save(
  'windows-xml',
  'hostile.xml',
  '<?xml version="1.0"?>\n<!DOCTYPE bomb [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;&a;&a;">\n<!ENTITY x SYSTEM "file:///etc/passwd">\n]>\n<Events>' +
    eventToXml({
      ...first,
      recordId: 1,
      data: [
        ['__proto__', 'kept'],
        ['Same', 'one'],
        ['Same', 'two'],
      ],
    }).replace('two', '&b;&x;\u0001\u0007&#0;&#x1b;') +
    eventToXml({ ...first, recordId: 2 }).replace('</EventData></Event>', '') +
    eventToXml({ ...first, recordId: 3 }).replace('<EventData>', '<EventData>' + '<a>'.repeat(200)) +
    eventToXml({ ...first, recordId: 4 }).replace(/SystemTime='[^']*'/, "SystemTime='1601-01-01T00:00:00Z'") +
    eventToXml({ ...first, recordId: 5 }).replace(/<EventID>\d+<\/EventID>/, '<EventID>many</EventID>') +
    'text between events ]]> <<<' +
    eventToXml({ ...first, recordId: 6 }).replace('</System>', '</EventData></System></System>') +
    '</Events>',
)
