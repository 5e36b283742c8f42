import { describe, expect, it } from 'vitest'
import { parseXml } from '../../../core/importers/evtx/binxml.ts'
import { arrayTexts, valueText } from '../../../core/importers/evtx/values.ts'

const bytes = (...values: number[]): Buffer => Buffer.from(values)
const textOf = (kind: number, value: Buffer): string => valueText(value, kind, 0, value.length)
const itemsOf = (kind: number, value: Buffer): string[] => arrayTexts(value, kind | 0x80, 0, value.length)
const SID = Buffer.from('0105000000000005150000000100000002000000030000005004000000', 'hex').subarray(0, 28)
const SYSTEM = Buffer.from('010100000000000512000000', 'hex')

describe('BinXML values', () => {
  it.each([
    ['string', 0x01, Buffer.from('山田\0', 'utf16le'), '山田'],
    ['ANSI string', 0x02, bytes(0x47, 0xfc, 0x6e, 0x00), 'Gün'],
    ['signed byte', 0x03, bytes(0xff), '-1'],
    ['byte', 0x04, bytes(0xff), '255'],
    ['signed 16 bit', 0x05, bytes(0xfe, 0xff), '-2'],
    ['16 bit', 0x06, bytes(0xfe, 0xff), '65534'],
    ['signed 32 bit', 0x07, bytes(0xff, 0xff, 0xff, 0xff), '-1'],
    ['32 bit', 0x08, bytes(0xff, 0xff, 0xff, 0xff), '4294967295'],
    ['signed 64 bit', 0x09, Buffer.alloc(8, 0xff), '-1'],
    ['64 bit, exactly', 0x0a, Buffer.alloc(8, 0xff), '18446744073709551615'],
    ['float', 0x0b, bytes(0, 0, 0xc0, 0x3f), '1.5'],
    ['double', 0x0c, bytes(0, 0, 0, 0, 0, 0, 0xf8, 0x3f), '1.5'],
    ['boolean', 0x0d, bytes(1, 0, 0, 0), 'true'],
    ['binary', 0x0e, bytes(0xde, 0xad), 'DEAD'],
    [
      'GUID',
      0x0f,
      Buffer.from('3cd16f5ee1f2bd43a4d0f3b9f1b2c3d4', 'hex'),
      '{5E6FD13C-F2E1-43BD-A4D0-F3B9F1B2C3D4}',
    ],
    ['32-bit size', 0x10, bytes(0x10, 0, 0, 0), '0x10'],
    ['64-bit size', 0x10, bytes(0x10, 0, 0, 0, 1, 0, 0, 0), '0x100000010'],
    ['FILETIME of never', 0x11, Buffer.alloc(8), '0'],
    [
      'SYSTEMTIME with its day of week',
      0x12,
      bytes(0xef, 7, 5, 0, 2, 0, 6, 0, 7, 0, 8, 0, 9, 0, 10, 0),
      '2031-05-06T07:08:09.010Z',
    ],
    ['SID', 0x13, SID, 'S-1-5-21-1-2-3-1104'],
    ['hexadecimal 32', 0x14, bytes(0xe7, 3, 0, 0), '0x3e7'],
    ['hexadecimal 64', 0x15, bytes(0xe7, 3, 0, 0, 0, 0, 0, 0x80), '0x80000000000003e7'],
    ['unknown type', 0x5a, bytes(1, 2), '0102'],
  ])('shows a %s as Windows does', (_name, kind, value, expected) => {
    expect(textOf(kind, value)).toBe(expected)
  })

  it('shows a value that is shorter than its type as bytes', () => {
    for (const kind of [0x05, 0x08, 0x0a, 0x0c, 0x0f, 0x11, 0x12, 0x13, 0x15])
      expect([kind, textOf(kind, bytes(1))]).toEqual([kind, '01'])
  })

  it('takes arrays apart', () => {
    expect(itemsOf(0x01, Buffer.from('a\0bc\0\0', 'utf16le'))).toEqual(['a', 'bc', ''])
    expect(itemsOf(0x02, Buffer.from('a\0bc\0'))).toEqual(['a', 'bc'])
    expect(itemsOf(0x06, bytes(1, 0, 2, 0, 3))).toEqual(['1', '2', '03'])
    expect(itemsOf(0x13, Buffer.concat([SYSTEM, SID]))).toEqual(['S-1-5-18', 'S-1-5-21-1-2-3-1104'])
    expect(itemsOf(0x13, Buffer.concat([SYSTEM, bytes(1, 2)]))).toEqual(['S-1-5-18', '0102'])
    expect(itemsOf(0x0e, bytes(1, 2))).toEqual(['0102'])
  })

  it('reads literals of other types than text in an element', () => {
    // An element named A (name inline at 7) whose content is the 16-bit literal 258.
    const name = Buffer.concat([Buffer.alloc(6), bytes(1, 0), Buffer.from('A\0', 'utf16le')])
    const element = Buffer.concat([
      bytes(0x01, 0xff, 0xff, 0, 0, 0, 0, 11, 0, 0, 0),
      name,
      bytes(0x02, 0x05, 0x06, 0x02, 0x01, 0x04, 0x00),
    ])
    const [node] = parseXml({ bytes: element, names: new Map() }, 0, element.length)
    expect(node).toMatchObject({ name: 'A', children: [{ kind: 'text', text: '258' }] })
  })
})
