import { describe, expect, it } from 'vitest'
import { toEvent } from '../../../core/importers/windows/to-event.ts'
import {
  addValue,
  emptyWindowsEvent,
  eventKey,
  saysAuditFailure,
  type WindowsEvent,
} from '../../../core/importers/windows/windows-event.ts'
import type { EventFields, EventItem } from '../../../core/model/event.ts'

const AT = Date.UTC(2031, 4, 6, 7, 8, 9) * 1000
const SID = 'S-1-5-21-1-2-3-1104'
const SYSMON = 'Microsoft-Windows-Sysmon'
const SECURITY = 'Microsoft-Windows-Security-Auditing'

function aWindowsEvent(
  provider: string,
  eventId: number,
  data: Record<string, string> = {},
  more: Partial<WindowsEvent> = {},
): WindowsEvent {
  return {
    ...emptyWindowsEvent(),
    provider,
    eventId,
    channel: 'C',
    computer: 'WS01',
    timeUs: AT,
    recordId: '1',
    data: new Map(Object.entries(data)),
    ...more,
  }
}
/** Kind and fields without those every event has. */
function meaning(
  provider: string,
  eventId: number,
  data: Record<string, string>,
  more: Partial<WindowsEvent> = {},
): [EventItem['kind'], EventFields] {
  const { kind, fields } = toEvent(aWindowsEvent(provider, eventId, data, more))
  const { provider: _p, code: _c, channel: _ch, host: _h, ...rest } = fields
  return [kind, rest]
}
const SUBJECT = {
  SubjectUserSid: SID,
  SubjectUserName: 'alice',
  SubjectDomainName: 'CORP',
  SubjectLogonId: '0x5F3A1',
}
const subject = { account: 'CORP\\alice', accountSid: SID, logonId: '0x5f3a1' }

describe('Sysmon events', () => {
  it('takes the process, its parent and the hashes of a process start', () => {
    const data = {
      UtcTime: '2031-05-06 07:08:08.100',
      ProcessGuid: '{11111111-AAAA-3333-4444-000000000100}',
      ProcessId: '4242',
      Image: 'C:\\Windows\\System32\\cmd.exe',
      CommandLine: 'cmd /c whoami',
      User: 'CORP\\alice',
      LogonId: '0x3E7A1',
      Hashes: `SHA1=${'AB'.repeat(20)},MD5=${'CD'.repeat(16)},SHA256=${'EF'.repeat(32)},IMPHASH=${'00'.repeat(16)}`,
      ParentProcessId: '3100',
      ParentProcessGuid: '{00000000-0000-0000-0000-000000000000}',
      ParentImage: '-',
      ParentCommandLine: '-',
      OriginalFileName: 'Cmd.Exe',
      RuleName: '-',
    }
    expect(meaning(SYSMON, 1, data)).toEqual([
      'process-start',
      {
        processPath: 'C:\\Windows\\System32\\cmd.exe',
        pid: 4242,
        processGuid: '11111111-aaaa-3333-4444-000000000100',
        account: 'CORP\\alice',
        commandLine: 'cmd /c whoami',
        logonId: '0x3e7a1',
        sha1: 'ab'.repeat(20),
        md5: 'cd'.repeat(16),
        sha256: 'ef'.repeat(32),
        parentPid: 3100,
        originalName: 'Cmd.Exe',
      },
    ])
  })

  it('prefers its own UtcTime to the time of logging', () => {
    expect(toEvent(aWindowsEvent(SYSMON, 5, { UtcTime: '2031-05-06 07:08:07.250' })).at).toBe(AT - 1_750_000)
    expect(toEvent(aWindowsEvent(SYSMON, 5, { UtcTime: 'broken' })).at).toBe(AT)
  })

  it.each([
    ['true', 'outbound'],
    ['false', 'inbound'],
  ])('keeps source and destination of a connection with Initiated=%s', (Initiated, action) => {
    const data = {
      Initiated,
      Protocol: 'tcp',
      SourceIp: '::ffff:192.0.2.15',
      SourcePort: '50101',
      SourceHostname: '-',
      DestinationIp: '2001:DB8::7',
      DestinationPort: '443',
      DestinationHostname: 'files.example',
    }
    expect(meaning(SYSMON, 3, data)).toEqual([
      'network-connection',
      {
        action,
        protocol: 'tcp',
        sourceIp: '192.0.2.15',
        sourcePort: 50101,
        destinationIp: '2001:db8::7',
        destinationPort: 443,
        destinationHost: 'files.example',
      },
    ])
  })

  it('reads either spelling of the GUIDs of process access', () => {
    const guid = '11111111-2222-3333-4444-000000000100'
    const expected = {
      processGuid: guid,
      targetGuid: guid,
      target: 'C:\\Windows\\System32\\lsass.exe',
      targetPid: 700,
      status: '0x1410',
    }
    const data = {
      TargetImage: 'C:\\Windows\\System32\\lsass.exe',
      TargetProcessId: '700',
      GrantedAccess: '0x1410',
    }
    expect(
      meaning(SYSMON, 10, { ...data, SourceProcessGUID: `{${guid}}`, TargetProcessGUID: `{${guid}}` }),
    ).toEqual(['process-access', expected])
    expect(meaning(SYSMON, 10, { ...data, SourceProcessGuid: guid, TargetProcessGuid: guid })).toEqual([
      'process-access',
      expected,
    ])
  })

  it('links a downloaded file with the address it came from', () => {
    const [kind, fields] = meaning(SYSMON, 15, {
      TargetFilename: 'C:\\a.zip:Zone.Identifier',
      Contents:
        '[ZoneTransfer]\r\nZoneId=3\r\nReferrerUrl=https://mail.example/\r\nHostUrl=https://files.example/a.zip?x=1\r\n',
    })
    expect([kind, fields.url, fields.referrer]).toEqual([
      'file-stream',
      'https://files.example/a.zip?x=1',
      'https://mail.example/',
    ])
    expect(
      meaning(SYSMON, 15, { Contents: '[ZoneTransfer]  ZoneId=3  HostUrl=about:internet ' })[1].url,
    ).toBeUndefined()
  })

  it('reads DNS answers', () => {
    expect(
      meaning(SYSMON, 22, {
        QueryName: 'files.example',
        QueryStatus: '0',
        QueryResults: 'type:  5 cdn.example;::ffff:198.51.100.7;',
      }),
    ).toEqual(['dns-query', { target: 'files.example', status: '0', detail: 'cdn.example; 198.51.100.7' }])
  })

  it.each([
    [2, 'file-time-change'],
    [5, 'process-end'],
    [6, 'driver-load'],
    [7, 'image-load'],
    [8, 'remote-thread'],
    [9, 'raw-disk-read'],
    [11, 'file-create'],
    [12, 'registry-key'],
    [13, 'registry-set'],
    [14, 'registry-rename'],
    [17, 'pipe-create'],
    [18, 'pipe-connect'],
    [19, 'wmi-filter'],
    [20, 'wmi-consumer'],
    [21, 'wmi-binding'],
    [23, 'file-delete'],
    [24, 'clipboard-change'],
    [25, 'process-tamper'],
    [26, 'file-delete'],
    [27, 'file-create'],
    [28, 'file-delete'],
    [29, 'file-create'],
  ])('knows event %i as %s', (id, kind) => {
    expect(toEvent(aWindowsEvent(SYSMON, id)).kind).toBe(kind)
  })
})

describe('Security events', () => {
  it('gives a logon the new session, not that of the service behind it', () => {
    const data = {
      ...SUBJECT,
      SubjectUserName: 'WS01$',
      TargetUserSid: SID,
      TargetUserName: 'bob',
      TargetDomainName: 'CORP',
      TargetLogonId: '0xABC',
      LogonType: '3',
      AuthenticationPackageName: 'NTLM',
      WorkstationName: 'WS02',
      IpAddress: '::ffff:192.0.2.22',
      IpPort: '49877',
      ProcessId: '0x0',
      ProcessName: '-',
    }
    expect(meaning(SECURITY, 4624, data)).toEqual([
      'logon',
      {
        account: 'CORP\\bob',
        accountSid: SID,
        logonId: '0xabc',
        targetLogonId: '0xabc',
        logonType: 3,
        authentication: 'NTLM',
        sourceHost: 'WS02',
        sourceIp: '192.0.2.22',
        sourcePort: 49877,
        outcome: 'success',
        detail: 'SubjectUserName: WS01$',
      },
    ])
  })

  it('takes the telling status of a failed logon', () => {
    const data = { TargetUserName: 'bob', Status: '0xC000006D', SubStatus: '0xC000006A' }
    expect(meaning(SECURITY, 4625, data)).toEqual([
      'logon-failure',
      { account: 'bob', outcome: 'failure', status: '0xc000006a', detail: 'reason: bad password' },
    ])
    expect(meaning(SECURITY, 4625, { ...data, SubStatus: '0x0' })[1].status).toBe('0xc000006d')
  })

  it('reads 4688 the right way round and decodes hexadecimal process ids', () => {
    const data = {
      ...SUBJECT,
      NewProcessId: '0x1a4c',
      NewProcessName: 'C:\\Windows\\System32\\net.exe',
      ProcessId: '0x3f0',
      CommandLine: 'net use',
      TargetUserName: '-',
      TargetLogonId: '0x0',
      ParentProcessName: '\\??\\C:\\Windows\\explorer.exe',
    }
    expect(meaning(SECURITY, 4688, data)).toEqual([
      'process-start',
      {
        ...subject,
        processPath: 'C:\\Windows\\System32\\net.exe',
        pid: 6732,
        parentPid: 1008,
        parentPath: 'C:\\Windows\\explorer.exe',
        commandLine: 'net use',
        detail: 'SubjectUserName: alice',
      },
    ])
    expect(
      meaning(SECURITY, 4688, {
        ...data,
        TargetUserName: 'svc',
        TargetDomainName: 'CORP',
        TargetLogonId: '0x99',
      })[1],
    ).toMatchObject({ account: 'CORP\\svc', logonId: '0x99' })
  })

  it('names both accounts and the far host of explicit credentials', () => {
    const data = {
      ...SUBJECT,
      TargetUserName: 'admin',
      TargetDomainName: 'CORP',
      TargetServerName: 'fs01.corp.example',
      IpAddress: '-',
    }
    expect(meaning(SECURITY, 4648, data)).toEqual([
      'explicit-credentials',
      { ...subject, targetAccount: 'CORP\\admin', destinationHost: 'fs01.corp.example' },
    ])
  })

  it('finds the command of a scheduled task in its XML', () => {
    const TaskContent =
      '<Task><Exec><Command>powershell.exe</Command><Arguments>-c &quot;1 &lt; 2&quot; &#x41;</Arguments></Exec></Task>'
    expect(meaning(SECURITY, 4698, { ...SUBJECT, TaskName: '\\Update', TaskContent })).toEqual([
      'task-create',
      { ...subject, target: '\\Update', action: 'created', detail: 'powershell.exe -c "1 < 2" A' },
    ])
  })

  it('joins share and file of a share access', () => {
    expect(
      meaning(SECURITY, 5145, {
        ...SUBJECT,
        ShareName: '\\\\*\\C$',
        RelativeTargetName: 'Windows\\x.exe',
        IpAddress: '192.0.2.9',
        AccessMask: '0x2',
      })[1],
    ).toMatchObject({ target: '\\\\*\\C$\\Windows\\x.exe', sourceIp: '192.0.2.9', status: '0x2' })
    expect(meaning(SECURITY, 5145, { ShareName: '\\\\*\\IPC$', RelativeTargetName: '\\' })[1].target).toBe(
      '\\\\*\\IPC$',
    )
  })

  it('tells failed Kerberos and NTLM requests from good ones', () => {
    const ticket = {
      TargetUserName: 'alice@CORP.EXAMPLE',
      TargetDomainName: 'CORP.EXAMPLE',
      ServiceName: 'FS01$',
      TicketEncryptionType: '0x17',
    }
    expect(meaning(SECURITY, 4769, { ...ticket, Status: '0x0' })).toEqual([
      'kerberos-service',
      {
        account: 'alice@CORP.EXAMPLE',
        target: 'FS01$',
        status: '0x0',
        outcome: 'success',
        detail: 'TicketEncryptionType: 0x17; encryption: RC4',
      },
    ])
    expect(meaning(SECURITY, 4769, { ...ticket, Status: '0x1B' })[0]).toBe('kerberos-failure')
    expect(
      meaning(SECURITY, 4776, { TargetUserName: 'bob', Workstation: '\\\\WS02', Status: '0xC000006A' }),
    ).toEqual([
      'ntlm-validation',
      {
        account: 'bob',
        sourceHost: 'WS02',
        status: '0xc000006a',
        outcome: 'failure',
        detail: 'reason: bad password',
      },
    ])
  })

  it('names the group and the member of a group change', () => {
    const data = {
      ...SUBJECT,
      TargetUserName: 'Domain Admins',
      TargetDomainName: 'CORP',
      MemberName: 'CN=bob,DC=corp',
      MemberSid: SID,
    }
    expect(meaning(SECURITY, 4728, data)).toEqual([
      'group-change',
      {
        ...subject,
        target: 'CORP\\Domain Admins',
        targetAccount: 'CN=bob,DC=corp',
        targetSid: SID,
        action: 'member-added',
      },
    ])
  })
})

describe('what was refused', () => {
  it('is told by the keywords where the event itself does not say', () => {
    const refused = { isAuditFailure: true }
    expect(meaning(SECURITY, 5145, { ShareName: '\\\\*\\C$' }, refused)[1].outcome).toBe('failure')
    expect(meaning(SECURITY, 5145, { ShareName: '\\\\*\\C$' })[1].outcome).toBeUndefined()
    expect(meaning(SECURITY, 4776, { Status: '0x0' }, refused)[1].outcome).toBe('success')
    expect(
      ['0x8010000000000000', '-9218868437227405312', '0x8020000000000000', 'Audit'].map(saysAuditFailure),
    ).toEqual([true, true, false, false])
  })
})

describe('other channels', () => {
  it('reads an installed service with its program', () => {
    expect(
      meaning('Service Control Manager', 7045, {
        ServiceName: 'Upd',
        ImagePath: 'C:\\u.exe',
        AccountName: 'LocalSystem',
      }),
    ).toEqual(['service-install', { target: 'Upd', detail: 'C:\\u.exe', targetAccount: 'LocalSystem' }])
  })

  it('keeps the text of a script block and says which part it is', () => {
    expect(
      meaning('Microsoft-Windows-PowerShell', 4104, {
        ScriptBlockText: 'a\nb',
        MessageNumber: '2',
        MessageTotal: '3',
      }),
    ).toEqual(['script-block', { detail: 'a\nb', action: '2/3' }])
    expect(
      meaning('Microsoft-Windows-PowerShell', 4104, { ScriptBlockText: 'x'.repeat(50_000) })[1].detail,
    ).toHaveLength(16_385)
  })

  it('finds the file and the download address of a detection', () => {
    const Path =
      'containerfile:_C:\\a.zip; webfile:_C:\\a.zip|https://files.example/a.zip|pid:1,ProcessStart:2'
    expect(
      meaning('Microsoft-Windows-Windows Defender', 1116, {
        'Threat Name': 'T',
        Path,
        'Process Name': 'Unknown',
      }),
    ).toMatchObject(['malware-detected', { target: 'C:\\a.zip', url: 'https://files.example/a.zip' }])
  })

  it('takes the rule and its techniques out of a Sysmon configuration', () => {
    const RuleName = 'technique_id=T1059.001,technique_name=PowerShell,technique_id=T1105'
    expect(meaning(SYSMON, 5, { RuleName })).toEqual([
      'process-end',
      { rule: RuleName, technique: 'T1059.001 T1105' },
    ])
    expect(meaning(SYSMON, 5, { RuleName: '-' })[1]).toEqual({})
  })

  it.each([
    ['CreateKey', 'registry-key'],
    ['DeleteKey', 'registry-delete'],
    ['DeleteValue', 'registry-delete'],
  ])('tells %s of Sysmon 12 as %s', (EventType, kind) => {
    expect(meaning(SYSMON, 12, { EventType })).toEqual([kind, { action: EventType }])
  })

  it('puts message ids into words and integrity labels into those of Sysmon', () => {
    expect(meaning(SECURITY, 4663, { AccessList: '%%4416\r\n\t\t%%1537\r\n\t\t%%99999' })[1].action).toBe(
      'ReadData/ListDirectory, DELETE, %%99999',
    )
    expect(meaning(SECURITY, 4688, { MandatoryLabel: 'S-1-16-12288' })[1].integrity).toBe('High')
    expect(meaning(SYSMON, 1, { IntegrityLevel: 'Medium' })[1].integrity).toBe('Medium')
  })

  it('tells a deleted registry value of the Security log from a changed one', () => {
    const data = {
      ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\X',
      ObjectValueName: 'v',
      NewValue: 'C:\\a.exe',
    }
    expect(meaning(SECURITY, 4657, { ...data, OperationType: '%%1906' })[0]).toBe('registry-delete')
    expect(meaning(SECURITY, 4657, { ...data, OperationType: '%%1905' })).toEqual([
      'registry-set',
      { target: '\\REGISTRY\\MACHINE\\SOFTWARE\\X\\v', action: 'value modified', detail: 'C:\\a.exe' },
    ])
  })

  it('gives events written from inside a program the process that wrote them, and no others', () => {
    const own = { executionPid: 4242 }
    expect(meaning('Microsoft-Windows-PowerShell', 4104, { ScriptBlockText: 'a' }, own)[1].pid).toBe(4242)
    expect(meaning('Microsoft-Windows-DNS-Client', 3008, { QueryName: 'a.example' }, own)[1].pid).toBe(4242)
    expect(meaning(SECURITY, 4624, { TargetUserName: 'a' }, own)[1].pid).toBeUndefined()
  })

  it('names the rule of an exploit guard alert and what it stopped', () => {
    expect(
      meaning('Microsoft-Windows-Windows Defender', 1121, {
        ID: 'D4F940AB-401B-4EFC-AADC-AD5F3C50688A',
        Path: 'C:\\a.exe',
        'Process Name': 'C:\\winword.exe',
        User: 'CORP\\alice',
      }),
    ).toMatchObject([
      'alert',
      { rule: 'Office creating child processes', action: 'blocked', account: 'CORP\\alice' },
    ])
  })

  it('reads logons out of the lines of OpenSSH and leaves other lines generic', () => {
    expect(
      meaning('OpenSSH', 4, {
        process: 'sshd',
        payload: 'Accepted password for alice from 192.0.2.9 port 50122 ssh2',
      }),
    ).toMatchObject([
      'logon',
      { account: 'alice', sourceIp: '192.0.2.9', sourcePort: 50122, authentication: 'password' },
    ])
    expect(meaning('OpenSSH', 4, { payload: 'Server listening' })[0]).toBe('generic')
  })

  it('reads SQL Server of any instance', () => {
    expect(meaning('MSSQL$PROD', 18456, { param1: 'sa', param3: ' [CLIENT: 203.0.113.9]' })).toMatchObject([
      'logon-failure',
      { account: 'sa', sourceIp: '203.0.113.9' },
    ])
  })

  it('never reads an event id without its provider', () => {
    expect(toEvent(aWindowsEvent('Another-Provider', 4624, { TargetUserName: 'x' })).kind).toBe('generic')
  })

  it('keeps what no table knows as text', () => {
    const [kind, fields] = meaning(
      'Example',
      7,
      { SubjectUserName: 'alice', SubjectDomainName: 'CORP', A: '1', B: '-', C: 'x  y\n z' },
      { userSid: 's-1-5-18' },
    )
    expect([kind, fields]).toEqual([
      'generic',
      {
        account: 'CORP\\alice',
        accountSid: 'S-1-5-18',
        detail: 'SubjectUserName: alice; SubjectDomainName: CORP; A: 1; C: x y z',
      },
    ])
  })

  it('gives an event one identity in every rendering, and none without a record id', () => {
    expect(eventKey(aWindowsEvent('P', 1, {}, { timeUs: AT + 123 }))).toBe(
      eventKey(aWindowsEvent('P', 1, {}, { computer: 'ws01' })),
    )
    expect(eventKey(aWindowsEvent('P', 1, {}, { recordId: '' }))).toBeUndefined()
  })

  it('never loses a value to another of the same name', () => {
    const data = new Map<string, string>()
    for (const value of ['a', 'b', 'c']) addValue(data, 'N', value)
    expect([...data]).toEqual([
      ['N', 'a'],
      ['N_2', 'b'],
      ['N_3', 'c'],
    ])
  })
})

describe('certificates', () => {
  it('says for whom an issued certificate speaks, of which template, and its number', () => {
    const issued = {
      RequestId: '1042',
      Requester: 'CORP\\amber',
      Attributes: 'CertificateTemplate:CorpVPN\r\nccm:ws-09',
      Disposition: '3',
      Subject: 'CN=amber',
      SubjectAlternativeName: 'Other Name:\r\n     Principal Name=administrator@corp.example',
      CertificateTemplate: 'CorpVPN',
      SerialNumber: '73000000040d',
    }
    expect(meaning(SECURITY, 4887, issued)).toEqual([
      'generic',
      {
        account: 'CORP\\amber',
        action: 'certificate-issued',
        target: 'CN=amber',
        status: '3',
        detail:
          'RequestId: 1042; Attributes: CertificateTemplate:CorpVPN ccm:ws-09; SubjectAlternativeName: Other Name: Principal Name=administrator@corp.example; CertificateTemplate: CorpVPN; SerialNumber: 73000000040d',
      },
    ])
  })
})
