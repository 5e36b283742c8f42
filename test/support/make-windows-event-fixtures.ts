/**
 * Writes `good-every-event.evtx` and the fixtures of windows-xml: `node test/support/make-windows-event-fixtures.ts`.
 * They are committed; this file says how they came to be.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { crc32 } from 'node:zlib'
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
save('evtx', 'hostile-left-overs.evtx', leftOvers())
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

/** Left-over records behind the free space: with their template, with another one in its place, and damaged. */
function leftOvers(): Buffer {
  const bytes = Buffer.from(
    writeEvtx([
      ...events.slice(0, 4),
      ...events.slice(0, 8).map((one) => ({ ...one, recordId: one.recordId + 100 })),
    ]),
  )
  const chunk = bytes.subarray(4096)
  const at: number[] = []
  for (let offset = 512; chunk.readUInt32LE(offset) === 0x2a2a; offset += chunk.readUInt32LE(offset + 4))
    at.push(offset)
  chunk.writeUInt32LE(at[4]!, 48)
  chunk.writeUInt32LE(at[3]!, 44)
  chunk.writeBigUInt64LE(4n, 32)
  chunk.writeUInt32LE(0xdeadbeef, at[5]! + 24 + 4 + 2) // its template is another one by now
  chunk.writeUInt32LE(0xffff, at[6]! + 24 + 4 + 10) // more values than there can be
  chunk.writeUInt32LE(crc32(chunk.subarray(512, at[4]!)), 52)
  chunk.writeUInt32LE(crc32(chunk.subarray(128, 512), crc32(chunk.subarray(0, 120))), 124)
  return bytes
}
