import { describe, expect, it } from 'vitest'
import { toAccount, toSid } from '../../../core/normalise/account.ts'
import { toGuid } from '../../../core/normalise/guid.ts'
import { parseHashes, toHash } from '../../../core/normalise/hash.ts'
import { toHost, toInteger, toIp, toLogonId, toPort } from '../../../core/normalise/host.ts'
import { baseName, toPath } from '../../../core/normalise/path.ts'
import { present } from '../../../core/normalise/placeholder.ts'

describe('normal forms', () => {
  it.each([
    '',
    ' ',
    '-',
    'N/A',
    '(null)',
    'NULL SID',
    'S-1-0-0',
    '::',
    '0.0.0.0',
    '{00000000-0000-0000-0000-000000000000}',
  ])('takes "%s" for no value', (text) => {
    expect(present(text)).toBeUndefined()
  })

  it('names accounts by domain and name, each only where known', () => {
    expect([
      toAccount('CORP', 'alice'),
      toAccount('-', 'alice'),
      toAccount('CORP', '-'),
      toAccount('CORP', 'alice@CORP.EXAMPLE'),
      toAccount('X', 'CORP\\alice'),
    ]).toEqual(['CORP\\alice', 'alice', undefined, 'alice@CORP.EXAMPLE', 'CORP\\alice'])
  })

  it('accepts well-formed SIDs only', () => {
    expect([toSid('s-1-5-18'), toSid('%{S-1-5-21-1-2-3-500}'), toSid('S-1-0-0'), toSid('alice')]).toEqual([
      'S-1-5-18',
      'S-1-5-21-1-2-3-500',
      undefined,
      undefined,
    ])
  })

  it('writes GUIDs in lower case without braces', () => {
    expect([
      toGuid('{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'),
      toGuid('{00000000-0000-0000-0000-000000000000}'),
      toGuid('x'),
    ]).toEqual(['5770385f-c22a-43e0-bf4c-06f5698ffbd9', undefined, undefined])
  })

  it('splits hashes by their labels and never takes an import hash for an MD5', () => {
    expect(parseHashes(`IMPHASH=${'A1'.repeat(16)},SHA256=${'B2'.repeat(32)}`)).toEqual({
      sha256: 'b2'.repeat(32),
      sha1: undefined,
      md5: undefined,
    })
    expect(parseHashes('C3'.repeat(20)).sha1).toBe('c3'.repeat(20))
    expect(toHash('0'.repeat(64))).toBeUndefined()
  })

  it('reads addresses, and nothing else as addresses', () => {
    expect([
      toIp('::ffff:192.0.2.1'),
      toIp('FE80::1%12'),
      toIp('[2001:DB8::1]'),
      toIp('999.1.1.1'),
      toIp('LOCAL'),
      toIp('12:34'),
    ]).toEqual(['192.0.2.1', 'fe80::1', '2001:db8::1', undefined, undefined, undefined])
    expect([toPort('443'), toPort('0'), toPort('70000'), toPort('-')]).toEqual([
      443,
      undefined,
      undefined,
      undefined,
    ])
  })

  it('reads hosts, numbers and logon ids', () => {
    expect([toHost('\\\\WS01'), toHost('dc01.corp.example.'), toHost('WS01$'), toHost('-')]).toEqual([
      'WS01',
      'dc01.corp.example',
      'WS01',
      undefined,
    ])
    expect([
      toInteger('0x1A4C'),
      toInteger('42'),
      toInteger('-1'),
      toInteger('99999999999999999999'),
    ]).toEqual([6732, 42, undefined, undefined])
    expect([toLogonId('0x3E7'), toLogonId('999'), toLogonId('0x0'), toLogonId('-')]).toEqual([
      '0x3e7',
      '0x3e7',
      undefined,
      undefined,
    ])
  })

  it('shows paths as Windows does', () => {
    expect([
      toPath('\\??\\C:\\x.exe'),
      toPath('\\\\?\\UNC\\fs01\\s\\x'),
      toPath('\\SystemRoot\\system32\\x.sys'),
      toPath('<unknown process>'),
      toPath('C:\\a b.txt'),
    ]).toEqual(['C:\\x.exe', '\\\\fs01\\s\\x', 'C:\\Windows\\system32\\x.sys', undefined, 'C:\\a b.txt'])
    expect([baseName('C:\\a\\b.exe'), baseName('/usr/bin/x'), baseName('x')]).toEqual(['b.exe', 'x', 'x'])
  })
})
