import { describe, expect, it } from 'vitest'
import { anEvent, TestCase } from '../../support/case-builder.ts'
import { aComputer, aLogon, aMail, aUser, linkedTo, listEntities, otherSid, sid, usersOf } from './people.ts'

describe('users that are one', () => {
  it('join SID, UPN, mail and proxy addresses, DOMAIN\\name and realm of directory, events and mail', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('amber', 1105, { proxyAddresses: ['amber@corp.example', 'a.stone@mail.example'] }),
      aLogon({ account: 'CORP\\Amber' }),
      aLogon({ account: 'corp.example\\amber' }),
      aLogon({ accountSid: sid(1105) }),
      aLogon({ account: 'Amber@CORP.EXAMPLE' }),
      aLogon({ account: 'CORP\\amber', accountSid: sid(1105) }),
      aLogon({ account: 'amber' }),
      aMail({ mailbox: 'a.stone@mail.example' }),
    ])
    testCase.correlate([])
    const [amber, ...others] = listEntities(testCase, 'user')
    expect(others).toEqual([])
    expect(amber).toMatchObject({ key: `user:${sid(1105).toLowerCase()}`, name: 'amber' })
    expect(amber?.aliases).toEqual([
      'account:CORP\\amber',
      'account:corp.example\\amber',
      'name:amber',
      `sid:${sid(1105)}`,
      'smtp:a.stone@mail.example',
      'smtp:amber@corp.example',
      'upn:amber@corp.example',
    ])
    expect(linkedTo(testCase, 'user_id').filter((key) => key !== amber?.key)).toEqual([])
    expect(listEntities(testCase, 'mailbox').map(({ key, aliases }) => ({ key, aliases }))).toEqual([
      { key: 'mailbox:amber@corp.example', aliases: ['smtp:a.stone@mail.example'] },
      { key: 'mailbox:billing@out.example', aliases: ['smtp:billing@out.example'] },
    ])
  })

  it('are told apart by their sessions where one had the name after the other', () => {
    using testCase = new TestCase()
    const program = (minute: number, logonId: string | undefined) =>
      anEvent('process-start', `2026-03-10T08:${minute}:00Z`, {
        account: 'CORP\\tmp',
        ...(logonId === undefined ? {} : { logonId }),
        processPath: 'C:\\t\\a.exe',
        pid: minute,
      })
    const logon = (minute: number, rid: number, targetLogonId: string) =>
      aLogon({ account: 'CORP\\tmp', accountSid: sid(rid), targetLogonId }, `2026-03-10T08:${minute}:00Z`)
    testCase.store([
      logon(10, 1300, '0x11'),
      program(11, '0x11'),
      logon(20, 1399, '0x11'),
      program(21, '0x11'),
      logon(30, 1399, '0x22'),
      program(31, '0x22'),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user').map(({ key }) => key)).toEqual([
      `user:${sid(1300).toLowerCase()}`,
      `user:${sid(1399).toLowerCase()}`,
    ])
    expect(linkedTo(testCase, 'user_id')).toEqual(
      [1300, 1300, 1399, 1399, 1399, 1399].map((rid) => `user:${sid(rid).toLowerCase()}`),
    )
    // Nothing says whose this one is: it is nobody's but the name's.
    testCase.store([program(41, undefined)])
    testCase.correlate([])
    expect(listEntities(testCase, 'user').map(({ key }) => key)).toContain('user:corp\\tmp')
    expect(linkedTo(testCase, 'user_id').at(-1)).toBe('user:corp\\tmp')
  })

  it('are called by their name also where the first record gave the SID alone', () => {
    using testCase = new TestCase()
    testCase.store([
      aLogon({ accountSid: sid(1104) }, '2026-03-10T07:00:00Z'),
      aLogon({ account: 'CORP\\Gus', accountSid: sid(1104) }),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user').map(({ name }) => name)).toEqual(['Gus'])
  })

  it('carry for every name the record that gave it and a reason', () => {
    using testCase = new TestCase()
    const directory = testCase.store([aUser('amber', 1105)], 'users.json')
    const log = testCase.store(
      [aLogon({ account: 'CORP\\basil', accountSid: sid(1106) }), aLogon({ account: 'OTHER\\coral' })],
      'log.json',
    )
    testCase.correlate([])
    const proofs = testCase.db
      .prepare(
        `SELECT a.kind, a.value, a.evidence_id AS evidence, a.record, a.confidence, a.reason FROM alias a
         JOIN entity e ON e.id = a.entity_id WHERE e.kind = 'user' ORDER BY e.key, a.kind, a.value`,
      )
      .all() as {
      kind: string
      value: string
      evidence: number
      record: number
      confidence: number
      reason: string
    }[]
    const of = (kind: string, value: string) => {
      const row = proofs.find((proof) => proof.kind === kind && proof.value === value)
      return (
        row && [row.evidence, row.record, row.confidence, (JSON.parse(row.reason) as { key: string }).key]
      )
    }
    expect(of('sid', sid(1105))).toEqual([directory, 1, 0.98, 'identity.directory_object'])
    expect(of('smtp', 'amber@corp.example')).toEqual([directory, 1, 0.98, 'identity.directory_address'])
    expect(of('sid', sid(1106))).toEqual([log, 1, 0.95, 'identity.event_sid'])
    expect(of('account', 'CORP\\basil')).toEqual([log, 1, 0.9, 'identity.event_account_and_sid'])
    expect(of('account', 'OTHER\\coral')).toEqual([log, 2, 0.7, 'identity.event_account'])
    expect(proofs.filter((proof) => proof.evidence === null || proof.record < 1)).toEqual([])
  })

  it('cite a record that says so, also when several files do', () => {
    using testCase = new TestCase()
    testCase.store([aLogon({ account: 'CORP\\other' }), aLogon({ account: 'CORP\\amber' })], 'a.json')
    testCase.store([aLogon({ account: 'CORP\\amber' }, '2026-03-09T08:00:00Z')], 'b.json')
    testCase.correlate([])
    const cited = testCase.db
      .prepare(
        "SELECT evidence_id AS evidence, record FROM alias WHERE kind = 'account' AND value = 'CORP\\amber'",
      )
      .all()
    expect(cited).toEqual([{ evidence: 1, record: 2 }])
  })

  it('keep their SID when renamed, and are found by the old name as well', () => {
    using testCase = new TestCase()
    testCase.store([aUser('amber.old', 1105)], 'january.json')
    testCase.store([aUser('amber.new', 1105), aLogon({ account: 'CORP\\amber.old' })], 'march.json')
    testCase.correlate([])
    const [amber, ...others] = listEntities(testCase, 'user')
    expect(others).toEqual([])
    expect(amber?.name).toBe('amber.new')
    expect(amber?.aliases).toEqual(
      expect.arrayContaining(['account:CORP\\amber.old', 'account:CORP\\amber.new']),
    )
  })

  it('join an export without SIDs to what other exports know, by GUID or by distinguished name', () => {
    const dn = 'CN=Amber Stone,OU=Staff,DC=corp,DC=example'
    const guid = '0f1e2d3c-0000-4000-8000-000000000001'
    const bare = { sid: undefined, upn: undefined }
    expect(
      usersOf([
        aUser('amber', 1105, { dn, guid }),
        aUser('amber', 1105, {
          ...bare,
          objectId: dn.toLowerCase(),
          dn: 'cn=Amber Stone, ou=Staff, dc=corp, dc=example',
        }),
        aUser('amber', 1105, { ...bare, objectId: guid, guid }),
      ]),
    ).toEqual([`user:${sid(1105).toLowerCase()}`])
  })

  it('are known by a SID of Entra ID too', () => {
    const cloud = (last: number) => `S-1-12-1-11-22-33-${last}`
    expect(
      usersOf([
        aLogon({ account: 'AzureAD\\amber', accountSid: cloud(1) }),
        aLogon({ account: 'AzureAD\\amber', accountSid: cloud(2) }),
      ]),
    ).toEqual([`user:${cloud(1).toLowerCase()}`, `user:${cloud(2).toLowerCase()}`])
  })
})

describe('users that are not one', () => {
  it('stay two when two domains use the same account name', () => {
    expect(
      usersOf([
        aUser('amber', 1105),
        aUser('amber', 7, {
          objectId: otherSid(1105),
          sid: otherSid(1105),
          domain: 'other.example',
          netbiosDomain: 'OTHER',
          upn: 'amber@other.example',
          mail: 'amber@other.example',
        }),
        aLogon({ account: 'OTHER\\amber' }),
        aLogon({ account: 'THIRD\\amber' }),
      ]),
    ).toEqual([
      `user:${sid(1105).toLowerCase()}`,
      `user:${otherSid(1105).toLowerCase()}`,
      'user:third\\amber',
    ])
  })

  it('stay two when two SIDs bear one name, and a record with the name alone belongs to neither', () => {
    using testCase = new TestCase()
    testCase.store([
      aLogon({ account: 'CORP\\amber', accountSid: sid(1105) }),
      aLogon({ account: 'CORP\\amber', accountSid: sid(2201) }),
      aLogon({ account: 'CORP\\amber' }),
    ])
    testCase.correlate([])
    expect(linkedTo(testCase, 'user_id')).toEqual([
      `user:${sid(1105).toLowerCase()}`,
      `user:${sid(2201).toLowerCase()}`,
      'user:corp\\amber',
    ])
  })

  it('are one per endpoint when the account is local', () => {
    using testCase = new TestCase()
    testCase.store([
      aLogon({ host: 'WS-01.corp.example', account: 'WS-01\\admin' }),
      aLogon({ host: 'WS-02.corp.example', account: 'WS-02\\admin' }),
      aLogon({ host: 'WS-02.corp.example', account: '.\\admin' }),
    ])
    testCase.correlate([])
    expect(linkedTo(testCase, 'user_id')).toEqual(['user:ws-01\\admin', 'user:ws-02\\admin', null])
    expect(listEntities(testCase, 'user')).toHaveLength(2)
  })

  it('are not guessed from a bare name that a machine has an account of, nor for accounts every machine has', () => {
    using testCase = new TestCase()
    testCase.store([
      aUser('amber', 1105),
      aUser('Administrator', 500),
      aLogon({ host: 'WS-01.corp.example', account: 'WS-01\\amber' }),
      aLogon({ host: 'WS-02.corp.example', account: 'amber' }),
      aLogon({ host: 'WS-02.corp.example', account: 'administrator' }),
      aLogon({ host: 'WS-02.corp.example', account: 'CORP\\administrator' }),
    ])
    testCase.correlate([])
    expect(linkedTo(testCase, 'user_id')).toEqual([
      'user:ws-01\\amber',
      null,
      null,
      `user:${sid(500).toLowerCase()}`,
    ])
  })

  it.each([
    { account: 'NT AUTHORITY\\SYSTEM', accountSid: 'S-1-5-18' },
    { account: 'NT-AUTORITÄT\\SYSTEM' },
    { account: 'Window Manager\\DWM-1' },
    { account: 'Font Driver Host\\UMFD-0', accountSid: 'S-1-5-96-0-0' },
    { account: 'NT SERVICE\\MSSQLSERVER', accountSid: 'S-1-5-80-3880718306' },
    { account: 'IIS APPPOOL\\web' },
    { account: 'ANONYMOUS LOGON', accountSid: 'S-1-5-7' },
    { account: 'CORP\\WS-01$', accountSid: sid(1201) },
    { account: 'WS-01$' },
    { accountSid: 'S-1-5-19' },
    { accountSid: 'S-1-5-32-544' },
  ])('are not made of accounts of the system and of computers: $account $accountSid', (fields) => {
    expect(usersOf([aLogon(fields)])).toEqual([])
  })

  it('are not made of a SID alone when it is that of a computer or a group', () => {
    expect(
      usersOf([
        aComputer('ws-01', 1201),
        aLogon({ accountSid: sid(1201) }),
        aLogon({ account: 'CORP\\WS-09$', accountSid: sid(1209) }),
        aLogon({ accountSid: sid(1209) }),
      ]),
    ).toEqual([])
  })

  it('are not made of mail addresses: senders and recipients are mailboxes', () => {
    using testCase = new TestCase()
    testCase.store([
      aMail({ mailbox: 'amber@corp.example', recipients: [{ address: 'basil@corp.example', role: 'to' }] }),
    ])
    testCase.correlate([])
    expect(listEntities(testCase, 'user')).toEqual([])
    expect(listEntities(testCase, 'mailbox').map((mailbox) => mailbox.name)).toEqual([
      'amber@corp.example',
      'basil@corp.example',
      'billing@out.example',
    ])
  })
})
