import { describe, expect, it } from 'vitest'
import { exampleMessage, exampleUser } from '../../../core/correlation/example-mail.ts'
import { exampleEvent, exampleGuid } from '../../../core/correlation/example.ts'
import type { RecordItem } from '../../../core/importers/importer.ts'
import { GraphCase } from '../graph/graph-case.ts'

const READER = 'C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\Acrobat.exe'
const CACHE = 'C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1'
const amber = { account: 'CORP\\amber', accountSid: 'S-1-5-21-1-2-3-1105' }
const viewer = { processGuid: exampleGuid(1), pid: 5 }

/** Amber gets a mail with a file and opens it. */
const opened = (
  name: string,
  program = READER,
  mail: Parameters<typeof exampleMessage>[1] = {},
): RecordItem[] => [
  exampleUser('amber', 1105),
  exampleMessage(0, {
    mailbox: 'amber@corp.example',
    attachments: [{ name, sha256: 'ab'.repeat(32) }],
    ...mail,
  }),
  exampleEvent('process-start', 240, {
    ...amber,
    ...viewer,
    processPath: program,
    commandLine: `"${program}" "${CACHE}\\${name}"`,
  }),
]
const child = (path: string): RecordItem =>
  exampleEvent('process-start', 260, {
    ...amber,
    processPath: path,
    processGuid: exampleGuid(2),
    pid: 6,
    parentPath: READER,
    parentGuid: exampleGuid(1),
    parentPid: 5,
  })
/** The signs of each story. */
const signs = async (...items: readonly RecordItem[]) => {
  await using graph = await GraphCase.of(items)
  const { rows } = await graph.client.call('story.list', {})
  return rows.map(({ reasons }) => reasons.map(({ code }) => code))
}

describe('a file of mail that was opened in its viewer', () => {
  it('makes no story where nothing came of it', async () => {
    expect(await signs(...opened('invoice.pdf'))).toEqual([])
    const helper = child('C:\\Program Files\\Adobe\\Acrobat DC\\Acrobat\\AcroCEF\\AcroCEF.exe')
    expect(await signs(...opened('invoice.pdf'), helper)).toEqual([])
  })

  it('makes one where the viewer starts something that is not of its own', async () => {
    const [script] = await signs(...opened('invoice.pdf'), child('C:\\Windows\\System32\\wscript.exe'))
    expect(script).toContain('script_from_document')
    const [program] = await signs(...opened('invoice.pdf'), child('C:\\Users\\amber\\x.exe'))
    expect(program).toContain('mail_file_ran')
  })

  it('makes one where the viewer writes a program or talks to a stranger', async () => {
    const by = { ...amber, ...viewer, processPath: READER }
    const wrote = exampleEvent('file-create', 260, { ...by, target: 'C:\\Users\\amber\\AppData\\x.dll' })
    const called = exampleEvent('network-connection', 260, {
      ...by,
      action: 'outbound',
      destinationIp: '203.0.113.9',
      destinationHost: 'c2.rare.example',
      destinationPort: 443,
    })
    for (const one of [wrote, called])
      expect((await signs(...opened('invoice.pdf'), one))[0]).toContain('mail_file_ran')
    const update = exampleEvent('network-connection', 260, {
      ...by,
      action: 'outbound',
      destinationIp: '198.51.100.9',
      destinationHost: 'armmf.adobe.com',
      destinationPort: 443,
    })
    expect(await signs(...opened('invoice.pdf'), update)).toEqual([])
  })

  it('makes one where the file does something by itself, its program lies anywhere, or the mail is said to be bad', async () => {
    expect((await signs(...opened('invoice.docm')))[0]).toContain('mail_file_ran')
    const anywhere = await signs(...opened('invoice.pdf', 'C:\\Users\\Public\\Acrobat.exe'))
    expect(anywhere[0]).toContain('mail_file_ran')
    const judged = opened('invoice.pdf', READER, { headers: [{ name: 'ThreatTypes', value: 'Malware' }] })
    expect((await signs(...judged))[0]).toContain('mail_file_ran')
  })
})
