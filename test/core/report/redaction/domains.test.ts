import { describe, expect, it } from 'vitest'
import { domainsOf } from '../../../../core/report/redaction/domains.ts'
import { Redactor } from '../../../../core/report/redaction/redactor.ts'

const named = (...aliases: readonly (readonly [string, string])[]) => ({
  aliases: aliases.map(([kind, value]) => ({ kind, value })),
})

const USERS = [
  named(
    ['account', 'MLICHT\\jrichter'],
    ['upn', 'jrichter@morgenlicht.example'],
    ['sid', 'S-1-5-21-1-2-3-500'],
  ),
  named(['account', 'WS7\\local'], ['sid', 'S-1-5-21-9-9-9-1001']),
  named(['account', 'NT AUTHORITY\\SYSTEM'], ['sid', 'S-1-5-18']),
  named(['smtp', 'lure@lumenpost.example']),
  named(
    ['account', 'MLICHT\\avoss'],
    ['smtp', 'avoss@second-brand.example'],
    ['smtp', 'anna@freemail.example'],
  ),
  named(['account', 'MLICHT\\kabe'], ['smtp', 'kabe@second-brand.example']),
]
const ENDPOINTS = [named(['fqdn', 'ws7.corp.morgenlicht.example'], ['netbios', 'WS7'])]
const RULES = { users: true, endpoints: true, addresses: 'none' as const, terms: [] }
const clean = (text: string): string => new Redactor(RULES, domainsOf(USERS, ENDPOINTS), 'secret').clean(text)

describe('domains of the organisation', () => {
  it.each([
    ['mx01.corp.morgenlicht.example', /^mx01\.DOMAIN-\w{6}$/],
    ['mail to info@morgenlicht.example', /^mail to info@DOMAIN-\w{6}$/],
    ['MLICHT', /^DOMAIN-\w{6}$/],
    ['TargetDomainName=mlicht;', /^TargetDomainName=DOMAIN-\w{6};$/],
    ['CN=x,DC=corp,DC=morgenlicht,DC=example', /^CN=x,DOMAIN-\w{6}$/],
    ['info@second-brand.example', /^info@DOMAIN-\w{6}$/],
    ['Morgenlicht GmbH', /^DOMAIN-\w{6} GmbH$/],
    ['hxxps://www[.]morgenlicht[.]example/', /^hxxps:\/\/www\[\.\]DOMAIN-\w{6}\/$/],
  ])('are hidden in %s', (text, expected) => {
    expect(clean(text)).toMatch(expected)
  })

  it.each([
    'lure@lumenpost.example',
    'lure@freemail.example',
    'NT AUTHORITY\\SYSTEM',
    'WS7\\local',
    'example',
    'corp',
  ])('leave %s: a sender from outside, one private mailbox, what every Windows has, a machine', (text) => {
    expect(clean(text)).toBe(text)
  })
})
