import { describe, expect, it } from 'vitest'
import { cell, csvLine } from '../../../core/export/text/csv.ts'
import { flatText, quietText, safeJson, xmlText } from '../../../core/export/text/safe-text.ts'
import { observableUuid, caseUuid } from '../../../core/export/text/uuid.ts'
import { below, seededRandom } from '../../support/random.ts'
import { HOSTILE, LARGE } from './export-case.ts'

const ESC = String.fromCharCode(27)

describe('a cell', () => {
  it.each([
    ['=1+1', '"\'=1+1"'],
    ['+1', '"\'+1"'],
    ['-x', '"\'-x"'],
    ['@SUM(A1)', '"\'@SUM(A1)"'],
    ['\t=1', '"\'␉=1"'],
    ['＝1', '"\'＝1"'],
    ['"=1"', '"\'""=1"""'],
    ['-5.5', '-5.5'],
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['a"b', '"a""b"'],
    ['two\nlines', 'two␊lines'],
    [`${ESC}[31m`, '␛[31m'],
    ['\u202egnp', '[U+202E]gnp'],
    ['', ''],
  ])('%j becomes %s', (text, expected) => {
    expect(cell(text)).toBe(expected)
  })

  it('takes a megabyte, and a megabyte of quotes', () => {
    expect(cell(LARGE)).toBe(LARGE)
    const quotes = '"'.repeat(1024 * 1024)
    expect(cell(quotes).length).toBe(2 * quotes.length + 2)
    expect(csvLine([quotes, null, 5, true]).endsWith(',,5,true\r\n')).toBe(true)
  })
})

describe('text for people and programs', () => {
  it('is one line without a control, whatever it was', () => {
    const random = seededRandom(7)
    for (let round = 0; round < 2000; round += 1) {
      const text = Array.from({ length: 40 }, () => String.fromCharCode(below(random, 0x2100))).join('')
      const flat = flatText(text)
      expect(
        [...flat].every(
          (sign) =>
            (sign.codePointAt(0) ?? 0) >= 0x20 && !/[\u007f-\u009f\u2028-\u202e\u200b-\u200f]/.test(sign),
        ),
        `seed 7, round ${round}`,
      ).toBe(true)
      // JSON says the same to a reader as before, whole characters given.
      const json = safeJson({ text })
      expect(JSON.parse(json)).toEqual({ text: text.toWellFormed() })
      expect(/[\u007f-\u009f\u2028-\u202e]/.test(json)).toBe(false)
    }
  })

  it('keeps keys named like prototypes as keys', () => {
    const parsed = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object
    expect(safeJson(parsed)).toBe('{"__proto__":{"a":1},"constructor":2}')
  })

  it.each(HOSTILE.map((text) => [text]))('stays text between XML tags: %j', (text) => {
    expect(xmlText(text)).not.toMatch(/[<>&"'](?!#\d+;)/)
  })

  it('quiets every address in a text, and nothing else', () => {
    expect(quietText('see https://evil.example/a.b?x=1, HTTP://Bad.Example and a.b C:\\x.exe')).toBe(
      'see hxxps://evil[.]example/a.b?x=1, hxxp://Bad[.]Example and a.b C:\\x.exe',
    )
  })
})

describe('ids', () => {
  it('are those that STIX gives the same value everywhere (STIX 2.1, section 2.9)', () => {
    // What other producers (the stix2 library for Python) give this address.
    expect(observableUuid({ value: '198.51.100.3' })).toBe('28bb3599-77cd-5a82-a950-b5bc3caf07c4')
    expect(caseUuid('a', 'b')).not.toBe(caseUuid('a', 'c'))
    expect(caseUuid('a', 'b')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
  })
})
