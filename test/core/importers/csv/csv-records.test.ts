import iconv from 'iconv-lite'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsvRecords, sniffCsv, type CsvRow } from '../../../../core/importers/csv/csv-records.ts'
import type { ParsedUnit } from '../../../../core/importers/importer.ts'
import { partOf } from '../read-part.ts'

async function read(content: string | Uint8Array, chunkSize?: number, options = {}): Promise<ParsedUnit[]> {
  const units: ParsedUnit[] = []
  const mean = () => (row: CsvRow) => ({
    items: [
      {
        type: 'event' as const,
        kind: 'generic' as const,
        at: null,
        fields: { detail: JSON.stringify(row.cells) },
      },
    ],
  })
  for await (const batch of readCsvRecords(partOf(content, chunkSize).open(), 'x', mean, options))
    for (const unit of batch) units.push(unit)
  return units
}
const cellsOf = (units: readonly ParsedUnit[]): string[][] =>
  units.flatMap((unit) =>
    unit.kind === 'record'
      ? unit.items.map(
          (item) => JSON.parse(item.type === 'event' ? (item.fields.detail ?? '') : '[]') as string[],
        )
      : [],
  )
const codes = (units: readonly ParsedUnit[]): string[] =>
  units.flatMap((unit) =>
    unit.kind === 'issue'
      ? [`${unit.locator} ${unit.code}`]
      : unit.kind === 'record'
        ? (unit.issues ?? []).map((issue) => `${unit.locator} ${issue.code}`)
        : [],
  )

describe('CSV records', () => {
  it('keep quoted delimiters, line breaks and doubled quotation marks, and count lines of the file', async () => {
    const units = await read('a,b\r\n1,"x,""y""\r\nz"\r\n\r\n2,"""q"""\n3,""\n')
    expect(units[0]).toEqual({ kind: 'heading', text: 'a,b' })
    expect(cellsOf(units)).toEqual([
      ['1', 'x,"y"\r\nz'],
      ['2', '"q"'],
      ['3', ''],
    ])
    expect(units.flatMap((unit) => (unit.kind === 'record' ? [unit.locator] : []))).toEqual([
      'line 2',
      'line 5',
      'line 6',
    ])
    expect(codes(units)).toEqual([])
  })

  it('understand backslash quotation marks without losing paths that end in a backslash', async () => {
    const units = await read('a,b\n"C:\\dir\\",1\n"say \\"hi\\" now",2\n"end \\"hi\\"",3\n')
    expect(cellsOf(units)).toEqual([
      ['C:\\dir\\', '1'],
      ['say "hi" now', '2'],
      ['end "hi"', '3'],
    ])
  })

  it('understand backslash quotation marks that could end a cell, where the row makes sense only so', async () => {
    const units = await read(
      'time,host,msg\n1,a,"say \\"hi\\", ok"\n2,b,"\\"x\\",\\"y\\""\n3,"C:\\dir\\",c\n',
    )
    expect(cellsOf(units)).toEqual([
      ['1', 'a', 'say "hi", ok'],
      ['2', 'b', '"x","y"'],
      ['3', 'C:\\dir\\', 'c'],
    ])
    expect(codes(units)).toEqual([])
  })

  it('keep JSON inside a cell, whose own escaped quotation marks are doubled once more', async () => {
    const json = JSON.stringify({ a: JSON.stringify({ b: 'c', d: ['e', 'f"g'] }), h: '"' })
    const cell = `"${json.replaceAll('"', '""')}"`
    const units = await read(`x,data,y\n1,${cell},2\n3,${cell},4\n`, 11)
    expect(cellsOf(units)).toEqual([
      ['1', json, '2'],
      ['3', json, '4'],
    ])
    expect(codes(units)).toEqual([])
  })

  it('keep rows apart when a tool ends a cell with a backslash and two quotation marks', async () => {
    const units = await read('a,b\n1,"end \\"hi\\""\n2,"two"\n3,"end \\"ho\\""\n', 5)
    expect(cellsOf(units)).toEqual([
      ['1', 'end "hi"'],
      ['2', 'two'],
      ['3', 'end "ho"'],
    ])
  })

  it('lose one row, not the file, to a quotation mark that nothing closes', async () => {
    const units = await read('a,b\n1,"open\n2,two\n3,three\n')
    expect(codes(units)).toEqual(['line 2 x.quote'])
    expect(cellsOf(units)).toEqual([
      ['2', 'two'],
      ['3', 'three'],
    ])
  })

  it('read a last quoted row without a line break', async () => {
    expect(codes(await read('a,b\n1,"two"'))).toEqual([])
  })

  it('say so when a row has other cells than the table has columns, and let empty ones at the end pass', async () => {
    expect(codes(await read('a,b\n1\n1,2,3\n1,2,,\n'))).toEqual(['line 2 x.columns', 'line 3 x.columns'])
  })

  it('leave out the lines of Excel and PowerShell above the header, and headers that come again', async () => {
    expect(cellsOf(await read('sep=;\na;b\n1;2\na;b\n3;4\n'))).toEqual([
      ['1', '2'],
      ['3', '4'],
    ])
    expect(cellsOf(await read('#TYPE Selected.Thing\n"a","b"\n"1","2"\n'))).toEqual([['1', '2']])
  })

  it('read UTF-16, byte order marks and Windows-1252, the last with a remark', async () => {
    const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('a,b\n日,本\n', 'utf16le')])
    expect(cellsOf(await read(utf16, 3))).toEqual([['日', '本']])
    const western = await read(Buffer.from('a,b\ncaf\xe9,1\n', 'latin1'))
    expect(cellsOf(western)).toEqual([['café', '1']])
    expect(codes(western)).toEqual(['line 2 x.encoding'])
    expect(
      cellsOf(
        await read(Buffer.from([0x61, 0x2c, 0x62, 0x0a, 0x93, 0xfa, 0x2c, 0x31]), 2, {
          encoding: 'shift_jis',
        }),
      ),
    ).toEqual([['日', '1']])
  })

  it('read Shift_JIS and Big5 where the rows prove it, and the short rows behind them alike', async () => {
    for (const page of ['shift_jis', 'big5']) {
      const table = iconv.encode('日時,使用者名稱\n1,山田太郎\n2,山\n3,ada\n', page)
      const units = await read(table)
      expect(cellsOf(units)).toEqual([
        ['1', '山田太郎'],
        ['2', '山'],
        ['3', 'ada'],
      ])
      expect(codes(units)).toEqual(['line 2 x.encoding', 'line 3 x.encoding'])
    }
  })

  it('keep to the delimiter of the header when the rows are irregular', async () => {
    const units = await read('a;b;c\n1;2\n3\n4;5\n6;7;8\n')
    expect(cellsOf(units)).toEqual([['1', '2'], ['3'], ['4', '5'], ['6', '7', '8']])
  })

  it('name repeated columns apart and tell', async () => {
    const units = await read('a,A,b\n1,2,3\n')
    expect(codes(units)).toEqual(['line 1 x.duplicate_header'])
  })

  it('give what was written, however the stream is cut', async () => {
    const cell = fc.oneof(
      fc.stringMatching(/^[a-z ]{0,6}$/),
      fc.constantFrom('"', ',', '\n', '\r\n', 'a"b', '""', 'x,y'),
    )
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 12 })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(table, fc.integer({ min: 1, max: 40 }), async (rows, chunk) => {
        const text = 'h1,h2,h3\n' + rows.map((row) => row.map(quote).join(',') + '\n').join('')
        expect(cellsOf(await read(text, chunk, { delimiter: ',' }))).toEqual(rows)
      }),
      { numRuns: 300 },
    )
  })

  it('neither throw nor lose bytes on anything', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('"', ',', '\n', '\\', 'a', '\r', ';'), maxLength: 200 }),
        async (text) => {
          const units = await read(text, 7)
          const kept = units
            .map((unit) => {
              if (unit.kind === 'record') return unit.raw
              if (unit.kind === 'heading') return unit.text
              // A list of names, in words of its own.
              return unit.code.endsWith('.duplicate_header') ? '' : unit.excerpt
            })
            .join('')
          for (const letter of kept) expect(text).toContain(letter)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('read megabytes of rows that make no sense by the letter in time', async () => {
    const started = performance.now()
    await read('a,b\n' + '"a\\""\n'.repeat(300_000))
    await read('a,b\n' + '1,"x\\""\n'.repeat(200_000) + '"\n')
    expect(performance.now() - started).toBeLessThan(5_000)
  })

  it('read a megabyte of open quotation marks in time', async () => {
    const started = performance.now()
    await read('a,b\n' + '"x"y\n'.repeat(200_000))
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('sniffing a table', () => {
  it.each([
    ['a,b,c\n1,2,3\n4,5,6\n', ','],
    ['a;b\n"1;2";3,5\n', ';'],
    ['a\tb\n1\t2\n', '\t'],
    ['x|y|z\n1|2|3\n', '|'],
  ])('finds the delimiter of %j', (text, delimiter) => {
    expect(sniffCsv(text)?.delimiter).toBe(delimiter)
  })
  it('understands backslash quotation marks in the first rows', () => {
    const table = sniffCsv('time,host,msg\n1,WS01,"say \\"hi\\", ok"\n2,WS01,b\n')
    expect(table?.rows).toEqual([
      ['1', 'WS01', 'say "hi", ok'],
      ['2', 'WS01', 'b'],
    ])
  })
  it('takes a header that can be nothing else for one, although no row is as long as it', () => {
    const head = 'Timestamp,DeviceName,ActionType,FileName,ReportId'
    const table = sniffCsv(
      `${head}\n2031-05-06T07:08:09Z,ws01,Created,a.exe\n2031-05-06T07:08:09Z,ws01,Created,a.exe,1,extra\n`,
    )
    expect(table?.header.names).toEqual(head.split(','))
    expect(table?.rows).toEqual([])
  })
  it.each([
    'Dear Anna, Ben, Carl, Dora, and Emil,\nwe meet at ten, as ever.\nBring bread, cheese, wine, and time.\nYours, Fritz',
    'a,b,c,d,e\n1\n2\n3\n',
    'a,a,b,c,d\n1,2,3,4\n1,2,3,4\n',
  ])('does not take prose or lists for a ragged table: %s', (text) => {
    expect(sniffCsv(text)).toBeUndefined()
  })
  it.each(['{"a":1}\n', '<a/>', 'one word\nanother, word\n\nthird', '1,2,3\n4,5,6\n', '', 'a\0b,c\n'])(
    'takes %j for no table',
    (text) => {
      expect(sniffCsv(text)).toBeUndefined()
    },
  )
})
