import { describe, expect, it } from 'vitest'
import { archiveOf, compressedFolderOf, isInArchiverFolder } from '../../../core/correlation/extraction.ts'
import { splitStream, useOf } from '../../../core/correlation/file-names.ts'
import { isFileNoise } from '../../../core/correlation/file-noise.ts'
import { isInSystemFolder } from '../../../core/correlation/system-folders.ts'

const TEMP = 'C:\\Users\\amber\\AppData\\Local\\Temp'

describe('compressedFolderOf', () => {
  it.each([
    [`${TEMP}\\Temp1_Bill.zip\\bill.js`, 'Bill.zip'],
    [`${TEMP}\\Temp12_a b.zip\\in\\x.exe`, 'a b.zip'],
    [`${TEMP}\\0b1c2d3e-1111-2222-3333-444455556666_Bill.zip.d3f\\bill.exe`, 'Bill.zip'],
    [`${TEMP}\\Temp1_Bill.zip`, undefined],
    [`${TEMP}\\bill.js`, undefined],
  ])('%s: %s', (path, name) => {
    expect(compressedFolderOf(path)).toBe(name)
  })

  it('knows the folders of archivers', () => {
    expect(isInArchiverFolder(`${TEMP}\\7zO4A3B2C1D\\b.exe`)).toBe(true)
    expect(isInArchiverFolder(`${TEMP}\\Rar$EXa1234.5678\\b.exe`)).toBe(true)
    expect(isInArchiverFolder(`${TEMP}\\b.exe`)).toBe(false)
  })
})

describe('archiveOf', () => {
  it.each([
    [
      'C:\\Program Files\\WinRAR\\WinRAR.exe',
      '"WinRAR.exe" "C:\\Users\\a b\\x.rar"',
      'C:\\Users\\a b\\x.rar',
    ],
    ['C:\\Tools\\7z.exe', '7z.exe e x.7z -aoa', 'C:\\w\\x.7z'],
    ['C:\\Windows\\System32\\tar.exe', 'tar -xf C:\\t\\y.zip', 'C:\\t\\y.zip'],
    ['C:\\Windows\\System32\\tar.exe', 'tar -cf C:\\t\\y.tar C:\\Users', undefined],
    ['C:\\Tools\\7z.exe', '7z a C:\\t\\z.7z C:\\Users', undefined],
    ['C:\\Tools\\7z.exe', '7z x C:\\t\\1.7z C:\\t\\2.7z', undefined],
    ['C:\\Windows\\System32\\cmd.exe', 'cmd /c C:\\t\\y.zip', undefined],
  ])('%s: %s', (image, commandLine, archive) => {
    expect(archiveOf(image, commandLine, 'C:\\w')).toBe(archive)
  })
})

describe('names of files', () => {
  it('parts a stream from its file', () => {
    expect(splitStream('C:\\a\\b.docx:Zone.Identifier')).toEqual({
      path: 'C:\\a\\b.docx',
      stream: 'Zone.Identifier',
    })
    expect(splitStream('C:\\a\\b.docx:Zone.Identifier:$DATA')).toEqual({
      path: 'C:\\a\\b.docx',
      stream: 'Zone.Identifier',
    })
    expect(splitStream('C:\\a\\b.docx')).toEqual({ path: 'C:\\a\\b.docx', stream: undefined })
    expect(splitStream('/home/a:b')).toEqual({ path: '/home/a:b', stream: undefined })
  })

  it('goes by the last extension', () => {
    expect([useOf('a.pdf.EXE'), useOf('a.docm'), useOf('a.log'), useOf('noext')]).toEqual([
      'program',
      'document',
      undefined,
      undefined,
    ])
  })
})

describe('isFileNoise', () => {
  it.each([
    ['C:\\Windows\\Prefetch\\CMD.EXE-1.pf', undefined],
    [`${TEMP}\\__PSScriptPolicyTest_ic3p4wox.oe5.ps1`, undefined],
    ['C:\\Users\\amber\\Documents\\~$report.docx', undefined],
    ['C:\\Windows\\WinSxS\\amd64_x\\notepad.exe', 'C:\\Windows\\servicing\\TrustedInstaller.exe'],
  ])('skips %s', (path, writer) => {
    expect(isFileNoise(path, writer)).toBe(true)
  })

  it.each([
    ['C:\\Windows\\Prefetch\\evil.exe', undefined],
    ['C:\\Windows\\WinSxS\\amd64_x\\notepad.exe', 'C:\\ProgramData\\a.exe'],
    [`${TEMP}\\data.bin`, undefined],
    ['C:\\Users\\amber\\~$run.exe', undefined],
  ])('keeps %s', (path, writer) => {
    expect(isFileNoise(path, writer)).toBe(false)
  })
})

describe('isInSystemFolder', () => {
  it.each(['C:\\Windows\\System32\\cmd.exe', 'C:\\Program Files (x86)\\x\\y.exe', 'System', '/usr/bin/bash'])(
    '%s',
    (path) => {
      expect(isInSystemFolder(path)).toBe(true)
    },
  )
  it.each([
    'C:\\Windows\\Temp\\a.exe',
    'C:\\Windows\\System32\\spool\\drivers\\color\\a.exe',
    'C:\\ProgramData\\a.exe',
    '\\\\fs\\share\\a.exe',
    '/tmp/x',
    'D:\\a.exe',
  ])('not %s', (path) => {
    expect(isInSystemFolder(path)).toBe(false)
  })
})
