import { describe, expect, it } from 'vitest'
import { addedExtension, isRansomNote } from '../../../core/correlation/encrypted-files.ts'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/impact.encryption.rule.ts'
import type { EventFields, EventKind } from '../../../core/model/event.ts'
import { findRelations } from '../../support/case-builder.ts'

describe('names of encrypted files', () => {
  it.each(['a.xlsx.hldn', 'a.pdf.lockbit', 'x.docx.id-1a2b', 'disk.vhdx.akira'])('%s', (name) => {
    expect(addedExtension(name)).toBeDefined()
  })
  it.each([
    'a.xlsx',
    'a.docx.tmp',
    'b.tar.gz',
    'app.js.map',
    'a.pdf.1',
    'a.log.2026',
    'x.dll.config',
    'a.pdf.v2',
    'a.jpg.crdownload',
    'a.exe.mui',
  ])('spares %s', (name) => {
    expect(addedExtension(name)).toBeUndefined()
  })
  it('knows notes, not every README', () => {
    const notes = [
      'README_RESTORE.txt',
      'HOW_TO_DECRYPT.hta',
      'RECOVER-FILES.txt',
      '!!!READ_ME_NOW!!!.txt',
      'akira_readme.txt',
    ]
    expect(notes.map((name) => isRansomNote(`C:\\x\\${name}`))).toEqual([true, true, true, true, false])
    expect(['README.txt', 'readme.md', 'restore.log', 'help.html', 'data.txt'].some(isRansomNote)).toBe(false)
  })
})

describe('files encrypted in masses', () => {
  const write = (
    kind: EventKind,
    seconds: number,
    host: string,
    name: string,
    processPath: string,
    more: EventFields = {},
  ) => exampleEvent(kind, seconds, { host, pid: 7, processPath, target: `D:\\S\\${name}`, ...more })
  const many = (
    count: number,
    name: (place: number) => string,
    path = 'C:\\ProgramData\\k.exe',
    host = 'FS-01',
    start = 0,
  ) =>
    Array.from({ length: count }, (_, place) =>
      write('file-create', start + place / 10, host, name(place), path),
    )
  const levels = (items: Parameters<typeof findRelations>[0]) =>
    findRelations(items, [rule]).detections.map(
      ({ level, reason }) => `${level} ${reason.key.split('.').at(-1) ?? ''}`,
    )

  it('are high on one endpoint, critical on two', () => {
    const name = (place: number): string => `f${place}.docx.abcd`
    expect(levels(many(30, name))).toEqual(['high written'])
    expect(levels([...many(30, name), ...many(30, name, 'C:\\ProgramData\\k.exe', 'WS-09', 60)])).toEqual([
      'critical spread',
      'critical spread',
    ])
  })
  it('are found in renames and in audited writes, not in audited reads', () => {
    const each = (kind: EventKind, more: EventFields) =>
      Array.from({ length: 25 }, (_, place) =>
        write(kind, place / 10, 'FS-01', `f${place}.docx.abcd`, 'C:\\ProgramData\\k.exe', more),
      )
    expect(levels(each('file-rename', {}))).toEqual(['high written'])
    expect(levels(each('object-access', { status: '0x2' }))).toEqual(['high written'])
    expect(levels(each('object-access', { status: '0x1' }))).toEqual([])
  })
  it('are none where the extension is an old one of the endpoint, or an installed program stores one kind', () => {
    const name = (place: number): string => `f${place}.pdf.dms`
    expect(levels(many(30, name, 'C:\\Program Files\\DMS\\dms.exe'))).toEqual([])
    const before = write('file-create', -90_000, 'FS-01', 'a.pdf.dms', 'C:\\ProgramData\\k.exe')
    expect(levels([before, ...many(30, name)])).toEqual([])
  })
  it('are none slowly', () => {
    const slow = Array.from({ length: 60 }, (_, place) =>
      write('file-create', place * 5, 'FS-01', `f${place}.docx.abcd`, 'C:\\ProgramData\\k.exe'),
    )
    expect(levels(slow)).toEqual([])
  })
})
