import { describe, expect, it } from 'vitest'
import { WorkbenchError } from '../../../core/model/errors.ts'
import { parsePolicy } from '../../../core/reputation/policy-parse.ts'
import { blockedActionsOf, ACTIONS_OF } from '../../../core/reputation/policy-actions.ts'
import { SERVICES, type Service } from '../../../core/reputation/policy-document.ts'

type Overrides = Readonly<Record<string, unknown>>

/** The action every service knows. */
const anyAction = (service: Service) => (service === 'teams-chat' ? 'block' : 'quarantine')
const document = (service: Service, overrides: Overrides = {}): Overrides => ({
  schema: 1,
  name: 'p',
  service,
  securityLevel: 'medium',
  actions: { matched: anyAction(service) },
  ...overrides,
})
/** `field rule` of the refusal; null when the policy is valid. */
function refusal(service: Service, overrides: Overrides = {}): string | null {
  try {
    parsePolicy(document(service, overrides))
    return null
  } catch (thrown) {
    if (!(thrown instanceof WorkbenchError) || thrown.code !== 'policy.invalid') throw thrown
    return `${String(thrown.params['field'])} ${String(thrown.params['rule'])}`
  }
}
/** Services that accept an option, of all. */
const accepting = (overrides: Overrides): Service[] =>
  SERVICES.filter((service) => refusal(service, overrides) === null)

const MAIL: Service[] = ['exchange-online', 'gmail']
const FILES: Service[] = ['sharepoint', 'onedrive', 'teams', 'box', 'dropbox', 'google-drive']
const header = (name: string, value: string, operator = 'contains') => ({ name, value, operator })
const withActions = (service: Service, actions: Overrides) => ({
  actions: { matched: anyAction(service), ...actions },
})

describe('options of a service', () => {
  it('W12: the master switch may be off', () =>
    expect(parsePolicy(document('box', { enabled: false })).enabled).toBe(false))
  it('W12 not: the master switch is yes or no', () =>
    expect(refusal('box', { enabled: 'no' })).toBe('enabled type'))

  it('W13: "incoming messages" is a choice of Exchange Online and Gmail', () =>
    expect(accepting({ scope: 'incoming' })).toEqual(['exchange-online', 'exchange-inline-inbound', 'gmail']))
  it('W13 not: file services and chat have no scope', () => {
    for (const service of [...FILES, 'teams-chat', 'salesforce'] as const)
      expect(refusal(service, { scope: 'incoming' })).toBe('scope W13')
  })
  it('W14: an internal domain is a domain, its subdomains are written with a star', () =>
    expect(refusal('exchange-online', { internalDomains: ['corp.test', '*.corp.test'] })).toBeNull())
  it('W14 not: no star elsewhere, no address, no URL', () => {
    for (const domain of [
      'corp.*',
      'a*.corp.test',
      'amy@corp.test',
      'http://corp.test',
      'localhost',
      'co.uk',
      '*.com.tw',
    ])
      expect(refusal('exchange-online', { internalDomains: [domain] })).toBe('internalDomains[0] W14')
  })
  it('W15 not: outbound protection cannot be about incoming mail', () =>
    expect(refusal('exchange-inline-outbound', { scope: 'incoming' })).toBe('scope W15'))
  it('W16: three security levels', () => {
    for (const securityLevel of ['high', 'medium', 'low'])
      expect(refusal('box', { securityLevel })).toBeNull()
  })
  it('W16 not: no fourth, and not none', () => {
    expect(refusal('box', { securityLevel: 'paranoid' })).toBe('securityLevel W16')
    expect(refusal('box', { securityLevel: null })).toBe('securityLevel W16')
  })
  it('W20: attachments are a choice of Exchange Online and Gmail', () =>
    expect(accepting({ scanAttachments: true })).toEqual(MAIL))
  it('W20 not: not of the inline variants', () => {
    for (const service of ['exchange-inline-inbound', 'exchange-inline-outbound', 'box'] as const)
      expect(refusal(service, { scanAttachments: true })).toBe('scanAttachments W20')
  })
  it('W21: dynamic scan is a choice of every service', () =>
    expect(accepting({ dynamicScan: true })).toEqual([...SERVICES]))
  it('W22: retro scan is a choice of Exchange Online and Gmail, off by default', () => {
    expect(accepting({ retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' } })).toEqual(MAIL)
    expect(parsePolicy(document('gmail')).retroScan).toEqual({ enabled: false, consentAt: null })
  })
  it('W22 not: no file service scans back', () =>
    expect(refusal('box', { retroScan: { enabled: true, consentAt: '2026-01-01' } })).toBe(
      'retroScan.enabled W22',
    ))
  it('W23: the inbound variant without retro scan is valid', () =>
    expect(refusal('exchange-inline-inbound', { retroScan: { enabled: false } })).toBeNull())
  it('W23 not: the inbound variant has no retro scan', () =>
    expect(
      refusal('exchange-inline-inbound', { retroScan: { enabled: true, consentAt: '2026-01-01' } }),
    ).toBe('retroScan.enabled W23'))
  it('W28: consent with its time', () =>
    expect(refusal('gmail', { retroScan: { enabled: true, consentAt: '2026-01-01T08:00:00Z' } })).toBeNull())
  it('W28 not: no retro scan without consent, and consent has a time', () => {
    expect(refusal('gmail', { retroScan: { enabled: true } })).toBe('retroScan.consentAt W28')
    expect(refusal('gmail', { retroScan: { enabled: true, consentAt: 'yes' } })).toBe(
      'retroScan.consentAt W28',
    )
  })
  it('W33: time of click is a choice of Exchange Online', () =>
    expect(accepting({ timeOfClick: { enabled: true } })).toEqual(['exchange-online']))
  it('W33 not: not of the inline variants, not of Gmail', () => {
    for (const service of ['exchange-inline-inbound', 'gmail'] as const)
      expect(refusal(service, { timeOfClick: { enabled: true } })).toBe('timeOfClick.enabled W33')
  })
  it('W35: an action per level', () =>
    expect(
      refusal('exchange-online', { timeOfClick: { enabled: true, actions: { suspicious: 'warn' } } }),
    ).toBeNull())
  it('W35 not: no other action than block, warn and allow', () =>
    expect(refusal('exchange-online', { timeOfClick: { actions: { dangerous: 'delete' } } })).toBe(
      'timeOfClick.actions.dangerous W35',
    ))
  it('W36: the scope of URLs is all, rated-risky or untested', () => {
    for (const urlScope of ['all', 'rated-risky', 'untested', null])
      expect(refusal('exchange-online', { timeOfClick: { enabled: true, urlScope } })).toBeNull()
  })
  it('W36 not: any other scope', () =>
    expect(refusal('exchange-online', { timeOfClick: { urlScope: 'some' } })).toBe(
      'timeOfClick.urlScope W36',
    ))
})

describe('approved senders', () => {
  const senders = (...addresses: string[]) => ({ approvedSenders: { enabled: true, addresses } })
  it('W37: a list of Exchange Online and Gmail', () => expect(accepting(senders('a@b.test'))).toEqual(MAIL))
  it('W37 not: of no other service', () =>
    expect(refusal('sharepoint', senders())).toBe('approvedSenders.enabled W37'))
  it('W39: whole addresses, plus tags as they are written', () =>
    expect(refusal('gmail', senders('a.b@c.test', 'news+x@c.test'))).toBeNull())
  it('W39 not: no wildcard, no regular expression, no domain alone', () => {
    for (const address of [
      '*@c.test',
      'a@*.test',
      '.*@c.test',
      '(a|b)@c.test',
      'a$@c.test',
      'c.test',
      '@c.test',
      'a@',
    ])
      expect(refusal('gmail', senders('ok@c.test', address)), address).toBe(
        'approvedSenders.addresses[1] W39',
      )
  })
})

describe('lists of URLs', () => {
  const approved = (...urls: string[]) => ({ approvedUrls: { enabled: true, urls } })
  const blocked = (...urls: string[]) => ({ blockedUrls: { enabled: true, urls } })
  it('W41: every service has an approved list', () =>
    expect(accepting(approved('example.com'))).toEqual([...SERVICES]))
  it('W42: internal domains on the approved list are a choice of Exchange Online', () =>
    expect(accepting({ approvedUrls: { enabled: true, includeInternalDomains: true } })).toEqual([
      'exchange-online',
    ]))
  it('W42 not: Gmail and the inline variants have no such choice', () =>
    expect(refusal('gmail', { approvedUrls: { includeInternalDomains: true } })).toBe(
      'approvedUrls.includeInternalDomains W42',
    ))
  it('W43: every service has a blocked list', () =>
    expect(accepting(blocked('example.com'))).toEqual([...SERVICES]))
  it('W45: plain addresses', () =>
    expect(refusal('box', blocked('http://example.com/a(b)', 'example.com'))).toBeNull())
  it('W45 not: no regular expression', () => {
    for (const url of ['^https?://evil\\.test$', '(a|b).test', '[a-z]+.test'])
      expect(refusal('box', blocked(url)), url).toBe('blockedUrls.urls[0] W45')
  })
  it('W47: the two forms of wildcards', () =>
    // Rented ground has an owner each time; blocking all of it is a decision somebody may take.
    expect(
      refusal('box', approved('*.example.com', '*.example.com/example/*', '*.web.app', '*[.]example.com')),
    ).toBeNull())
  it('W47 not: any other use of a star', () => {
    for (const url of [
      '*',
      'http://*/x',
      'http://*.example.com/a',
      'ex*.com',
      '*.example.com/*',
      '*.example.com/a',
      'a.*.com',
      'a.test/?q=*',
      '*.com',
      '*.co.uk',
      '*.com/login/*',
      'hxxp://*[.]com',
    ])
      expect(refusal('box', approved('ok.test', url)), url).toBe('approvedUrls.urls[1] W47')
  })
  it('W48: elsewhere a URL may have a query', () =>
    expect(refusal('exchange-online', blocked('http://a.test/?q=1'))).toBeNull())
  it('W48 not: Gmail knows no query', () => {
    expect(refusal('gmail', blocked('http://a.test/?q=1'))).toBe('blockedUrls.urls[0] W48')
    expect(refusal('gmail', approved('a.test/x?'))).toBe('approvedUrls.urls[0] W48')
  })
  it('W49: actions of the blocked list', () => {
    const actions = (service: Service) =>
      [...new Set(SERVICES.flatMap((other) => ACTIONS_OF[other]))]
        .filter((blockedUrl) => refusal(service, withActions(service, { blockedUrl })) === null)
        .sort()
    expect(actions('gmail')).toEqual(['delete', 'label', 'quarantine'])
    expect(actions('salesforce')).toEqual(['delete', 'pass', 'quarantine'])
    expect(actions('teams-chat')).toEqual(['block'])
    for (const service of [
      ...FILES,
      'exchange-online',
      'exchange-inline-inbound',
      'exchange-inline-outbound',
    ] as const)
      expect(actions(service)).toEqual(['delete', 'quarantine'])
  })
  it('W49 not: nothing else', () => {
    expect(refusal('exchange-online', withActions('exchange-online', { blockedUrl: 'pass' }))).toBe(
      'actions.blockedUrl W49',
    )
    expect(refusal('teams-chat', withActions('teams-chat', { blockedUrl: 'pass' }))).toBe(
      'actions.blockedUrl W49',
    )
    for (const service of SERVICES)
      for (const action of blockedActionsOf(service)) expect(ACTIONS_OF[service]).toContain(action)
  })
})

describe('approved header fields', () => {
  const headers = (...fields: unknown[]) => ({ approvedHeaders: { enabled: true, fields } })
  it('W50: a list of Exchange Online', () =>
    expect(accepting(headers(header('X-A', 'b')))).toEqual(['exchange-online']))
  it('W50 not: neither of Gmail nor of the inline variants', () => {
    for (const service of ['gmail', 'exchange-inline-inbound'] as const)
      expect(refusal(service, headers())).toBe('approvedHeaders.enabled W50')
  })
  it('W51: name, value and one of two operators', () =>
    expect(
      refusal('exchange-online', headers(header('X-A', 'b', 'contains'), header('X-A', 'b', 'equals'))),
    ).toBeNull())
  it('W51 not: no third operator, no entry without a value', () => {
    expect(refusal('exchange-online', headers(header('X-A', 'b', 'matches')))).toBe(
      'approvedHeaders.fields[0].operator W51',
    )
    expect(refusal('exchange-online', headers({ name: 'X-A', operator: 'equals' }))).toBe(
      'approvedHeaders.fields[0].value W51',
    )
  })
  it('W54: up to 128 characters each', () =>
    expect(refusal('exchange-online', headers(header('a'.repeat(128), 'b'.repeat(128))))).toBeNull())
  it('W54 not: neither 129 nor none', () => {
    expect(refusal('exchange-online', headers(header('a'.repeat(129), 'b')))).toBe(
      'approvedHeaders.fields[0].name W54',
    )
    expect(refusal('exchange-online', headers(header('a', 'b'.repeat(129))))).toBe(
      'approvedHeaders.fields[0].value W54',
    )
    expect(refusal('exchange-online', headers(header('a', '')))).toBe('approvedHeaders.fields[0].value W54')
  })
  it('W55: up to ten fields', () =>
    expect(refusal('exchange-online', headers(...Array<unknown>(10).fill(header('a', 'b'))))).toBeNull())
  it('W55 not: no eleventh', () =>
    expect(refusal('exchange-online', headers(...Array<unknown>(11).fill(header('a', 'b'))))).toBe(
      'approvedHeaders.fields W55',
    ))
  it('W57: a list for all policies of Exchange Online, without a switch', () =>
    expect(accepting({ globalApprovedHeaders: { fields: [header('X-Drill', 'yes')] } })).toEqual([
      'exchange-online',
    ]))
  it('W57 not: for no other service, and there is no switch', () => {
    expect(refusal('gmail', { globalApprovedHeaders: { fields: [header('a', 'b')] } })).toBe(
      'globalApprovedHeaders.fields W57',
    )
    expect(refusal('exchange-online', { globalApprovedHeaders: { enabled: true } })).toBe(
      'globalApprovedHeaders.enabled unknown-field',
    )
  })
})

describe('actions', () => {
  it('W58: every service has its own', () => {
    for (const service of SERVICES)
      for (const matched of ACTIONS_OF[service])
        expect(
          refusal(service, { actions: { matched, tag: matched === 'tag-file-name' ? 'x' : null } }),
          `${service} ${matched}`,
        ).toBeNull()
  })
  it('W58 not: an action of another service', () => {
    expect(refusal('exchange-inline-outbound', { actions: { matched: 'move-to-junk' } })).toBe(
      'actions.matched W58',
    )
    expect(refusal('gmail', { actions: { matched: 'tag-subject' } })).toBe('actions.matched W58')
    expect(refusal('teams-chat', { actions: { matched: 'quarantine' } })).toBe('actions.matched W58')
    expect(refusal('box', { actions: {} })).toBe('actions.matched W58')
  })
  it('W59 not: the action on untested URLs is one of the service', () =>
    expect(refusal('box', withActions('box', { untested: { enabled: true, action: 'block' } }))).toBe(
      'actions.untested.action W58',
    ))
  it('W61 not: only Salesforce has actions of its own for files, and then one is named', () => {
    const on = { fileAction: { enabled: true, action: 'delete' } }
    expect(SERVICES.filter((service) => refusal(service, withActions(service, on)) === null)).toEqual([
      'salesforce',
    ])
    expect(refusal('box', withActions('box', on))).toBe('actions.fileAction.enabled W61')
    expect(refusal('salesforce', withActions('salesforce', { fileAction: { enabled: true } }))).toBe(
      'actions.fileAction.action W61',
    )
  })
  it('W62 not: no second action unless files are quarantined, and not quarantine again', () => {
    const secondary = (actions: Overrides) => refusal('salesforce', { actions })
    expect(secondary({ matched: 'pass', fileAction: { secondary: 'delete' } })).toBe(
      'actions.fileAction.secondary W62',
    )
    expect(
      secondary({
        matched: 'quarantine',
        fileAction: { enabled: true, action: 'delete', secondary: 'pass' },
      }),
    ).toBe('actions.fileAction.secondary W62')
    expect(secondary({ matched: 'quarantine', fileAction: { secondary: 'quarantine' } })).toBe(
      'actions.fileAction.secondary W62',
    )
    expect(refusal('box', withActions('box', { fileAction: { secondary: 'delete' } }))).toBe(
      'actions.fileAction.secondary W62',
    )
  })
  it('W63: a second action after the quarantine of the policy, or of the files', () => {
    expect(
      refusal('salesforce', { actions: { matched: 'quarantine', fileAction: { secondary: 'delete' } } }),
    ).toBeNull()
    expect(
      refusal('salesforce', {
        actions: { matched: 'pass', fileAction: { enabled: true, action: 'quarantine', secondary: 'pass' } },
      }),
    ).toBeNull()
  })
  it('W64: a tag of up to 20 characters', () =>
    expect(refusal('box', { actions: { matched: 'tag-file-name', tag: '~!@#$%^&()_+-=[]{};x' } })).toBeNull())
  it('W64 not: no longer tag, none of the nine signs, and none at all', () => {
    for (const tag of ['x'.repeat(21), ...[...'/\\:*?<>"|'].map((sign) => `a${sign}`), '', null])
      expect(refusal('box', { actions: { matched: 'tag-file-name', tag } }), String(tag)).toBe(
        'actions.tag W64',
      )
  })
  it('W64 not: no tag where the service tags no file names', () => {
    const tagged = withActions('gmail', { tag: 'RISKY' })
    expect(refusal('gmail', tagged)).toBe('actions.tag W64')
    expect(refusal('box', withActions('box', { tag: 'RISKY' }))).toBeNull()
  })
  it('W65 not: no text in place of the content where nothing is taken away', () =>
    expect(refusal('teams-chat', withActions('teams-chat', { replacementText: 'Gone.' }))).toBe(
      'actions.replacementText W65',
    ))
})

describe('notifications', () => {
  const administrators = (settings: Overrides) => ({
    notifications: { administrators: { enabled: true, recipients: ['soc@corp.test'], ...settings } },
  })
  it('W66: a group or an address', () => {
    expect(refusal('box', administrators({}))).toBeNull()
    expect(refusal('box', administrators({ recipients: [], groups: ['Security'] }))).toBeNull()
  })
  it('W66 not: nobody, or what is no address', () => {
    expect(refusal('box', administrators({ recipients: [] }))).toBe(
      'notifications.administrators.recipients W66',
    )
    expect(refusal('box', administrators({ recipients: ['soc'] }))).toBe(
      'notifications.administrators.recipients[0] W66',
    )
  })
  it('W68 not: a period has a positive whole number of hours or of days', () => {
    for (const threshold of [{}, { hours: 0 }, { hours: 1.5 }, { days: -1 }, { hours: 1, days: 1 }])
      expect(refusal('box', administrators({ threshold: { mode: 'period', ...threshold } }))).toBe(
        'notifications.administrators.threshold.hours W68',
      )
  })
  it('W69 not: occurrences have a positive whole number', () => {
    for (const threshold of [{}, { count: 0 }, { count: 2.5 }])
      expect(refusal('box', administrators({ threshold: { mode: 'count', ...threshold } }))).toBe(
        'notifications.administrators.threshold.count W69',
      )
  })
  it('W70: individual needs no number', () =>
    expect(refusal('box', administrators({ threshold: { mode: 'individual' } }))).toBeNull())
  it('W70 not: there is no fourth mode', () =>
    expect(refusal('box', administrators({ threshold: { mode: 'never' } }))).toBe(
      'notifications.administrators.threshold.mode W68',
    ))
  it('W71 not: the inline variants tell no users', () => {
    for (const service of ['exchange-inline-inbound', 'exchange-inline-outbound'] as const)
      expect(refusal(service, { notifications: { users: { enabled: true } } })).toBe(
        'notifications.users.enabled W71',
      )
  })
  it('W74 not: Teams Chat has no user notification', () =>
    expect(refusal('teams-chat', { notifications: { users: { enabled: true } } })).toBe(
      'notifications.users.enabled W74',
    ))
})

describe('a policy document (JUDGE.md)', () => {
  it('JUDGE policy.required: needs schema, name, service, level and action; nothing else', () => {
    expect(refusal('box')).toBeNull()
    for (const field of ['schema', 'name', 'service', 'securityLevel', 'actions'])
      expect(refusal('box', { [field]: undefined }), field).toMatch(new RegExp(`^${field}`))
  })
  it('JUDGE policy.defaults: everything else is off or empty, null is absent', () => {
    const plain = parsePolicy(document('exchange-online'))
    const nulls = {
      effectiveFrom: null,
      approvedUrls: null,
      actions: { matched: 'quarantine', tag: null },
      notifications: { users: null },
    }
    expect(parsePolicy(document('exchange-online', nulls))).toEqual(plain)
    expect(plain).toMatchObject({
      enabled: true,
      priority: 1,
      effectiveFrom: null,
      effectiveTo: null,
      scope: 'all',
      dynamicScan: false,
    })
  })
  it('JUDGE policy.unknown: unknown fields are errors, at any depth', () => {
    expect(refusal('box', { colour: 'red' })).toBe('colour unknown-field')
    expect(refusal('box', { blockedUrls: { enabeld: true } })).toBe('blockedUrls.enabeld unknown-field')
  })
  it('JUDGE policy.off: an option a service lacks may be absent or switched off', () => {
    const off = {
      retroScan: { enabled: false },
      timeOfClick: { enabled: false },
      approvedSenders: { enabled: false },
      approvedHeaders: { enabled: false },
      scanAttachments: false,
    }
    expect(accepting(off)).toEqual([...SERVICES])
  })
  it('JUDGE policy.times: times are ISO-8601, and the end comes after the beginning', () => {
    expect(refusal('box', { effectiveFrom: '2026-01-01', effectiveTo: '2026-02-01T00:00:00Z' })).toBeNull()
    expect(refusal('box', { effectiveTo: 'soon' })).toBe('effectiveTo date')
    expect(refusal('box', { effectiveFrom: '2026-02-01', effectiveTo: '2026-02-01' })).toBe(
      'effectiveTo order',
    )
  })
  it('JUDGE policy.export: what was read can be written and read again', () => {
    const policy = parsePolicy(
      document('salesforce', { actions: { matched: 'quarantine', fileAction: { secondary: 'pass' } } }),
    )
    expect(parsePolicy(JSON.parse(JSON.stringify(policy)))).toEqual(policy)
  })
})
