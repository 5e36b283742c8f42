import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Budget } from '../../../core/evidence/containers/budget.ts'
import type { Source } from '../../../core/evidence/containers/container.ts'
import { Keyring } from '../../../core/evidence/containers/keyring.ts'
import workbook from '../../../core/evidence/containers/workbook.container.ts'
import { formatOfCode } from '../../../core/evidence/workbook/cell-formats.ts'
import { serialText } from '../../../core/evidence/workbook/serial-time.ts'
import { zipOf } from '../../support/archives.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'
import { textRows, workbookMembers, workbookOf } from '../../support/workbook-file.ts'

const TRACE = [
  'Received',
  'SenderAddress',
  'RecipientAddress',
  'Subject',
  'Status',
  'MessageId',
  'MessageTraceId',
]
const traced = (number: number) => [
  `2031-05-06T10:0${number}:00Z`,
  'out@far.example',
  'amber@corp.example',
  `Bill ${number}`,
  'Delivered',
  `&lt;m${number}@far.example&gt;`,
  `11111111-2222-3333-4444-00000000000${number}`,
]
const COMPOUND_FILE = Buffer.concat([
  Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1]),
  Buffer.alloc(2_000),
])

describe('Excel workbooks', () => {
  let bench: Workbench
  beforeEach(async () => {
    bench = await Workbench.open()
  })
  afterEach(() => bench.close())

  const importBytes = (name: string, bytes: Uint8Array, more: object = {}) =>
    bench.client.run('evidence.import', { grants: [bench.file(name, bytes)], ...more })
  const rows = async () => (await bench.client.call('event.search', { limit: 200 })).rows
  const codes = async () =>
    (await bench.client.call('evidence.issues', { limit: 1000 })).rows
      .filter(({ code }) => code !== 'evidence.time_ahead')
      .map(({ code, locator }) => [code, locator])
  const raws = async (evidenceId: string, count: number) =>
    Promise.all(
      Array.from(
        { length: count },
        async (_, index) => (await bench.client.call('record.get', { evidenceId, record: index + 1 })).raw,
      ),
    )

  it('reads a sheet as the table it holds, with the tab in every locator', async () => {
    const bytes = await workbookOf([{ name: 'Trace', rows: textRows([TRACE, traced(1), traced(2)]) }])
    const { evidence } = await importBytes('trace.xlsx', bytes)
    expect(evidence[0]).toMatchObject({
      format: 'message-trace',
      read: 2,
      stored: 2,
      bytes: bytes.length,
      bytesRead: bytes.length,
      status: 'done',
    })
    expect((await rows()).map(({ locator }) => locator).sort()).toEqual(['Trace · line 2', 'Trace · line 3'])
    expect(await codes()).toEqual([])
  })

  it('reads every sheet by what is on it, hidden ones too, and says nothing of empty ones', async () => {
    const bytes = await workbookOf([
      { name: 'Trace', rows: textRows([TRACE, traced(1)]) },
      { name: 'Sheet2', rows: '' },
      { name: 'Back', rows: textRows([TRACE, traced(2)]), state: 'hidden' },
      { name: 'To do', rows: textRows([['call Amber'], ['write it up, then send it']]) },
    ])
    const { evidence } = await importBytes('two.xlsx', bytes)
    expect(evidence[0]).toMatchObject({ format: 'message-trace', stored: 2, status: 'done' })
    expect((await rows()).map(({ locator }) => locator).sort()).toEqual(['Back · line 2', 'Trace · line 2'])
    const [[code, locator] = []] = await codes()
    expect([code, locator]).toEqual(['archive.unrecognised_member', 'To do'])
  })

  it('reads what cells hold: shared texts, formatted runs, times, truth values, results of formulas', async () => {
    const strings = [
      '<si><t>When</t></si>',
      '<si><t>User</t></si>',
      '<si><r><rPr><b/></rPr><t>am</t></r><r><t xml:space="preserve">ber </t></r><rPh sb="0" eb="1"><t>xx</t></rPh></si>',
      '<si><t>line_x000D_\nbreak, "said"</t></si>',
    ].join('')
    const styles = `<numFmts><numFmt numFmtId="170" formatCode="[$-409]d\\.m\\.yyyy\\ hh:mm:ss"/></numFmts>
      <cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/><xf numFmtId="14"/></cellXfs>`
    const sheet = `
      <row r="3"><c r="B3" t="s"><v>0</v></c><c r="C3" t="s"><v>1</v></c><c r="D3" t="str"><f>A1</f><v>Host</v></c><c r="E3" t="inlineStr"><is><t>Ok</t></is></c><c r="F3" t="inlineStr"><is><t>Day</t></is></c><c r="G3" t="inlineStr"><is><t>More</t></is></c></row>
      <row r="4"><c r="B4" s="1"><v>45000.123456789</v></c><c r="C4" t="s"><v>2</v></c><c r="D4" t="s"><v>3</v></c><c r="E4" t="b"><v>1</v></c><c r="F4" s="2"><v>45000</v></c></row>
      <row r="6"><c r="B6" s="1"><v>45001.5</v></c><c r="C6" t="e"><v>#N/A</v></c><c r="D6"><v>0.1</v></c><c r="E6" t="b"><v>0</v></c></row>`
    const bytes = await workbookOf([{ name: 'A', rows: sheet }], { strings, styles })
    const { evidence } = await importBytes('cells.xlsx', bytes, { format: 'mapping', mapping: whenAndUser() })
    expect(await raws(evidence[0]?.id ?? '', 2)).toEqual([
      ',2023-03-15 02:57:46.667,amber ,"line\r\nbreak, ""said""",TRUE,2023-03-15,',
      ',2023-03-16 12:00:00,#N/A,0.1,FALSE,,',
    ])
    expect((await rows()).map(({ at }) => at)).toEqual([
      '2023-03-15T02:57:46.667Z',
      '2023-03-16T12:00:00.000Z',
    ])
    expect(await codes()).toEqual([])
  })

  it('counts days from 1904 where the workbook says so, and reads elements under a prefix', async () => {
    const members = workbookMembers([{ name: 'A', rows: '' }], {
      styles: '<cellXfs><xf numFmtId="22"/></cellXfs>',
      properties: '<workbookPr date1904="1"/>',
      members: {
        'xl/worksheets/sheet1.xml': `<x:worksheet xmlns:x="urn:any"><x:sheetData><x:row><x:c t="inlineStr"><x:is><x:t>When</x:t></x:is></x:c><x:c t="inlineStr"><x:is><x:t>User</x:t></x:is></x:c></x:row>
          <x:row><x:c s="0"><x:v>43538.25</x:v></x:c><x:c t="inlineStr"><x:is><x:t>amber</x:t></x:is></x:c></x:row></x:sheetData></x:worksheet>`,
      },
    })
    const { evidence } = await importBytes('old.xlsx', await zipOf(members), {
      format: 'mapping',
      mapping: whenAndUser(),
    })
    expect(await raws(evidence[0]?.id ?? '', 1)).toEqual(['2023-03-15 06:00:00,amber'])
  })

  it('asks what the columns of a lone sheet mean, and reads it by a mapping', async () => {
    const bytes = await workbookOf([
      {
        name: 'VPN',
        rows: textRows([
          ['When', 'User'],
          ['2031-05-06T10:00:00Z', 'amber'],
        ]),
      },
    ])
    const grant = bench.file('vpn.xlsx', bytes)
    expect(await bench.client.call('evidence.inspect', { grant })).toMatchObject({
      isArchive: false,
      question: 'mapping',
    })
    const asked = await bench.client.run('evidence.import', { grants: [grant] })
    expect(asked).toMatchObject({
      evidence: [],
      refused: [{ code: 'evidence.needs_mapping', params: { name: 'vpn.xlsx' } }],
    })
    const { evidence } = await importBytes('vpn2.xlsx', bytes, { format: 'mapping', mapping: whenAndUser() })
    expect(evidence[0]).toMatchObject({ stored: 1 })
  })

  it('is found inside an archive', async () => {
    const bytes = await workbookOf([{ name: 'Trace', rows: textRows([TRACE, traced(1)]) }])
    await importBytes('a.zip', await zipOf({ 'x/trace.xlsx': bytes, 'a.json': windowsLines(2) }))
    expect((await rows()).map(({ locator }) => locator)).toContain('x/trace.xlsx > Trace · line 2')
  })

  it('keeps the rows before damage, and names a sheet that is not there', async () => {
    const cut = workbookMembers([
      { name: 'Cut', rows: textRows([TRACE, traced(1)]) },
      { name: 'Gone', rows: '' },
      { name: 'Whole', rows: textRows([TRACE, traced(2)]) },
    ])
    cut['xl/worksheets/sheet1.xml'] = (cut['xl/worksheets/sheet1.xml'] ?? '').replace(
      '</sheetData>',
      '<row><c t="n">',
    )
    delete cut['xl/worksheets/sheet2.xml']
    const { evidence } = await importBytes('cut.xlsx', await zipOf(cut))
    expect(evidence[0]).toMatchObject({ stored: 2 })
    expect(await codes()).toEqual(
      expect.arrayContaining([
        ['archive.broken_member', 'Cut'],
        ['archive.broken_member', 'Gone'],
      ]),
    )
  })

  it('refuses one without its list of sheets', async () => {
    const bare = workbookMembers([{ name: 'A', rows: textRows([TRACE, traced(1)]) }])
    bare['xl/workbook.xml'] = '<workbook>'
    const refusal = async (name: string, bytes: Uint8Array) =>
      (await importBytes(name, bytes)).refused[0]?.code
    expect(await refusal('bare.xlsx', await zipOf(bare))).toBe('evidence.archive_broken')
  })

  it('stops where a few cells stand for far more text than any honest file holds', async () => {
    // 20 KB that stand for 2 GB.
    const bomb = await workbookOf([{ name: 'A', rows: '<row><c t="s"><v>0</v></c></row>'.repeat(2_000) }], {
      strings: `<si><t>${'x'.repeat(1_000_000)}</t></si>`,
    })
    expect(bomb.length).toBeLessThan(20_000)
    const path = bench.file('bomb.xlsx', bomb)
    const source: Source = {
      name: 'bomb.xlsx',
      size: bomb.length,
      path,
      head: () => Promise.resolve(bomb),
      open: () => Readable.from([bomb]),
    }
    const budget = new Budget('bomb.xlsx', bomb.length, 10_000_000)
    const read = async () => {
      let bytes = 0
      for await (const found of workbook.list(source, { budget, keyring: new Keyring([]) }))
        if (found.kind === 'member') for await (const piece of found.open()) bytes += piece.length
      return bytes
    }
    await expect(read()).rejects.toMatchObject({ code: 'limit.expansion' })
  })

  it.each([
    ['old.xls', COMPOUND_FILE],
    ['locked.xlsx', COMPOUND_FILE],
  ])('says what to do with %s', async (name, bytes) => {
    expect((await importBytes(name, bytes)).refused[0]).toMatchObject({
      code: 'evidence.workbook',
      params: { name },
    })
  })
  it('says it of a binary workbook, and leaves documents alone', async () => {
    const binary = await zipOf({ '[Content_Types].xml': '<Types/>', 'xl/workbook.bin': 'x' })
    expect((await importBytes('b.xlsb', binary)).refused[0]?.code).toBe('evidence.workbook')
    const text = await zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w:document/>' })
    expect((await importBytes('a.docx', text)).refused[0]?.code).toBe('evidence.unrecognised')
  })
})

describe('times of a workbook', () => {
  it.each([
    ['General', undefined],
    ['0.00', undefined],
    ['#,##0 "days"', undefined],
    ['[Red]0.00E+00', undefined],
    ['yyyy-mm-dd', 'date'],
    ['[$-411]ge.m.d', 'date'],
    ['d/m/yyyy h:mm', 'date-time'],
    ['h:mm AM/PM', 'time'],
    ['[h]:mm:ss', undefined],
    ['0;[Red]yyyy', undefined],
  ])('takes %s for what it shows', (code, format) => {
    expect(formatOfCode(code)).toBe(format)
  })

  it.each([
    ['45000', 'date', false, '2023-03-15'],
    ['45000.5', 'date', false, '2023-03-15 12:00:00'],
    ['45000', 'date-time', false, '2023-03-15 00:00:00'],
    ['0.75', 'time', false, '18:00:00'],
    ['45000.0000057870', 'date-time', false, '2023-03-15 00:00:00.500'],
    // The 1900 system counts a day that never was; LibreOffice and Excel show these two.
    ['1', 'date', false, '1900-01-01'],
    ['61', 'date', false, '1900-03-01'],
    ['0', 'date', true, '1904-01-01'],
    ['43538', 'date', true, '2023-03-15'],
    ['-1', 'date', false, '-1'],
    ['3000000', 'date', false, '3000000'],
    ['nonsense', 'date', false, 'nonsense'],
    ['45000', undefined, false, '45000'],
  ] as const)('reads %s as %s', (value, format, is1904, text) => {
    expect(serialText(value, format, is1904)).toBe(text)
  })
})

const whenAndUser = () => ({
  schema: 1 as const,
  name: 'cells',
  rows: 'csv' as const,
  delimiter: ',',
  encoding: null,
  kind: 'generic' as const,
  time: { field: 'When', format: 'iso' as const, zone: null },
  fields: { 'user.name': 'User' },
  constants: {},
})
