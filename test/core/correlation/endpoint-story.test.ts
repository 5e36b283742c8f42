import { describe, expect, it } from 'vitest'
import { rules } from '../../../core/correlation/registry.ts'
import { anEvent, findRelations, relationText } from '../../support/case-builder.ts'

const at = (second: number) => new Date(Date.UTC(2026, 2, 10, 8) + second * 1000).toISOString()
const guid = (number: number) => `0f1e2d3c-${String(number).padStart(4, '0')}-69ae-0000-000000000001`
const EDGE = {
  processPath: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
  processGuid: guid(1),
  pid: 10,
}
const EXPLORER = { processPath: 'C:\\Windows\\explorer.exe', processGuid: guid(2), pid: 20 }
const SCRIPT = { processPath: 'C:\\Windows\\System32\\wscript.exe', processGuid: guid(3), pid: 30 }
const PAYLOAD = { processPath: 'C:\\ProgramData\\upd.exe', processGuid: guid(4), pid: 40 }
const account = 'CORP\\amber'
const ZIP = 'C:\\Users\\amber\\Downloads\\Bill.zip'
const JS = 'C:\\Users\\amber\\AppData\\Local\\Temp\\Temp1_Bill.zip\\bill.js'

/** A downloaded archive, the script in it, what the script fetches, and how that stays. */
const story = [
  anEvent('process-start', at(0), { ...EXPLORER, account }),
  anEvent('process-start', at(1), {
    ...EDGE,
    account,
    parentGuid: guid(2),
    parentPath: EXPLORER.processPath,
  }),
  anEvent('file-create', at(5), { ...EDGE, target: ZIP }),
  anEvent('file-stream', at(5), {
    ...EDGE,
    target: `${ZIP}:Zone.Identifier`,
    url: 'https://share.example.net/Bill.zip',
  }),
  anEvent('process-start', at(60), {
    ...SCRIPT,
    account,
    parentGuid: guid(2),
    parentPath: EXPLORER.processPath,
    commandLine: `"C:\\Windows\\System32\\WScript.exe" "${JS}"`,
  }),
  anEvent('dns-query', at(62), { ...SCRIPT, target: 'cdn.example.net', detail: '203.0.113.7' }),
  anEvent('network-connection', at(63), {
    ...SCRIPT,
    action: 'outbound',
    sourceIp: '10.0.0.5',
    destinationIp: '203.0.113.7',
    destinationPort: 443,
  }),
  anEvent('file-create', at(64), { ...SCRIPT, target: PAYLOAD.processPath }),
  anEvent('process-start', at(65), {
    ...PAYLOAD,
    account,
    parentGuid: guid(3),
    parentPath: SCRIPT.processPath,
    sha256: 'a'.repeat(64),
  }),
  anEvent('registry-set', at(70), {
    ...PAYLOAD,
    target: 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Upd',
    detail: PAYLOAD.processPath,
  }),
  anEvent('process-access', at(80), {
    ...PAYLOAD,
    target: 'C:\\Windows\\System32\\lsass.exe',
    targetPid: 700,
    status: '0x1410',
  }),
]

describe('the endpoint rules together', () => {
  it('join a download to the credentials taken at its end, without a gap', () => {
    const { relations, errors } = findRelations(story, rules)
    expect(errors).toEqual([])
    expect(relations.map(relationText)).toEqual(
      expect.arrayContaining([
        'downloaded-to: https://share.example.net/Bill.zip -> Bill.zip',
        'extracted-to: Bill.zip -> bill.js',
        'executed-as: bill.js -> wscript.exe',
        'resolved: wscript.exe -> cdn.example.net',
        'connected-to: wscript.exe -> cdn.example.net',
        'dropped: wscript.exe -> upd.exe',
        'executed-as: upd.exe -> upd.exe',
        'spawned: wscript.exe -> upd.exe',
        'ran-as: upd.exe -> CORP\\amber',
        'ran-on: upd.exe -> WS-01',
        'wrote-registry: upd.exe -> HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Upd',
        'accessed-credentials: upd.exe -> lsass.exe',
      ]),
    )
  })

  it('name each file and process once, whichever rule speaks of it', () => {
    const { relations } = findRelations(story, rules)
    // The archive is written, marked, downloaded and taken apart by four rules; it stays one file.
    const ofArchive = relations
      .filter((relation) => relation.to === 'Bill.zip' || relation.from === 'Bill.zip')
      .map(relationText)
    expect(ofArchive).toEqual([...new Set(ofArchive)])
    expect(
      relations.filter((relation) => relation.kind === 'ran-on').map((relation) => relation.from),
    ).toEqual(['explorer.exe', 'lsass.exe', 'msedge.exe', 'upd.exe', 'wscript.exe'])
  })
})
