import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/persistence.registry.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const DLL = 'C:\\ProgramData\\wscp\\mscom.dll'
const KEY = 'HKU\\S-1-5-21-1-2-3-1101\\Software\\Classes\\CLSID\\{ab}\\InprocServer32\\(Default)'
const found = (processPath: string, wrote: number, by = 7) =>
  findRelations(
    [
      exampleEvent('process-start', -900, { processPath, pid: 7 }),
      exampleEvent('file-create', wrote, { processPath, pid: by, target: DLL }),
      exampleEvent('registry-set', 0, { processPath, pid: 7, target: KEY, detail: DLL }),
    ],
    [rule],
  ).detections.map(({ level, reason }) => `${level} ${reason.key.split('.').at(-1) ?? ''}`)

describe('a COM object of the user', () => {
  it('is high where the process had just written the library itself', () => {
    expect(found('C:\\ProgramData\\wscp\\pythonw.exe', -2)).toEqual(['high planted'])
  })
  it('stays low for installers, for old files, and for files of others', () => {
    expect(found('C:\\Users\\amber\\Downloads\\app-setup.exe', -2)).toEqual(['low com'])
    expect(found('C:\\Program Files\\App\\app.exe', -2)).toEqual(['low com'])
    expect(found('C:\\ProgramData\\wscp\\pythonw.exe', -800)).toEqual(['low com'])
    expect(found('C:\\ProgramData\\wscp\\pythonw.exe', -2, 8)).toEqual(['low com'])
  })
})
