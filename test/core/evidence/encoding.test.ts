import iconv from 'iconv-lite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Workbench } from '../../support/workbench.ts'

/** A hunting table whose account nothing in the bytes proves to be Russian. */
const TABLE = [
  'Timestamp,DeviceId,DeviceName,ActionType,FileName,ProcessCommandLine,ProcessId,AccountName,ReportId',
  '2025-05-06T07:08:09Z,d1,ws01.corp.example,ProcessCreated,cmd.exe,cmd.exe /c dir,42,Иванов,1',
].join('\r\n')

describe('the encoding of a known format', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())
  const users = async () => (await bench.client.call('event.search', {})).rows
  const importAs = (encoding: string | null, name = 'russian.csv') =>
    bench.client.run('evidence.import', {
      grants: [bench.file(name, iconv.encode(TABLE, 'windows-1251'))],
      encoding,
    })

  it('is what the analyst says, and no row is doubtful then', async () => {
    const { evidence } = await importAs('windows-1251')
    expect(evidence[0]).toMatchObject({ format: 'defender', stored: 1, issues: [] })
    expect(JSON.stringify(await users())).toContain('Иванов')
  })
  it('is guessed and doubted where nobody says it', async () => {
    const { evidence } = await importAs(null)
    expect(evidence[0]?.issues).toEqual([{ code: 'defender.encoding', count: 1 }])
  })
  it('stands in the audit log', async () => {
    const { evidence } = await importAs('windows-1251')
    const { rows } = await bench.client.call('audit.list', { evidenceId: evidence[0]?.id ?? '' })
    expect(rows.find(({ action }) => action === 'evidence.add')?.details).toMatchObject({
      encoding: 'windows-1251',
    })
  })
  it('must be one that exists', async () => {
    await expect(importAs('klingon')).rejects.toMatchObject({ code: 'request.not_found' })
  })
})
