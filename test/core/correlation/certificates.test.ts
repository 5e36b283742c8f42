import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import rule from '../../../core/correlation/rules/credentials.certificate.rule.ts'
import { findRelations } from '../../support/case-builder.ts'

const DAY = 86_400
const people = ['amber', 'administrator', 'svc_scep', 'u1', 'u2', 'u3', 'u4', 'u5', 'u6'].map((name, place) =>
  exampleEvent('logon', place - 200, { account: `CORP\\${name}`, logonType: 2 }),
)
const issued = (seconds: number, account: string, upn: string, serial?: string) =>
  exampleEvent('generic', seconds, {
    host: 'CA-01.corp.example',
    account: `CORP\\${account}`,
    action: 'certificate-issued',
    detail:
      serial === undefined
        ? `RequestId: 9; Attributes: CertificateTemplate:VPN SAN:upn=${upn}`
        : `RequestId: 9; Attributes: x; SubjectAlternativeName: Other Name: Principal Name=${upn}; CertificateTemplate: VPN; SerialNumber: ${serial}`,
  })
const ticket = (seconds: number, account: string, serial: string, preAuth = 16) =>
  exampleEvent('kerberos-tgt', seconds, {
    host: 'DC-01.corp.example',
    account: `CORP\\${account}`,
    sourceIp: '10.0.1.109',
    detail: `PreAuthType: ${preAuth}; CertIssuerName: corp-CA; CertSerialNumber: ${serial}; CertThumbprint: 00`,
  })
const found = (...items: Parameters<typeof findRelations>[0][number][]) =>
  findRelations([...people, ...items], [rule]).detections.map(({ what, level }) => `${what} ${level}`)

describe('a certificate for somebody else', () => {
  it('is high, and critical with the ticket that names it', () => {
    const request = issued(0, 'amber', 'administrator@corp.example', '0073AB')
    expect(found(request)).toEqual(['certificate-for-another high'])
    expect(found(request, ticket(400, 'administrator', '73ab'))).toEqual([
      'certificate-for-another high',
      'certificate-used critical',
    ])
  })
  it('is not joined with a ticket by another certificate, or before it', () => {
    const request = issued(0, 'amber', 'administrator@corp.example', '73ab')
    const others = [ticket(400, 'administrator', '73ac'), ticket(-50, 'administrator', '73ab')]
    expect(found(request, ...others)).toEqual(['certificate-for-another high'])
  })
  it('is taken out of the attributes of older servers, and joined within a day', () => {
    const request = issued(0, 'amber', 'administrator@corp.example')
    expect(found(request, ticket(400, 'administrator', '99'))).toContain('certificate-used critical')
    expect(found(request, ticket(2 * DAY, 'administrator', '99'))).toEqual(['certificate-for-another high'])
  })
  it('is low for an agent of many, whose certificates are used as they should; high for a ruler of the domain', () => {
    const users = ['u1', 'u2', 'u3', 'u4', 'u5', 'u6']
    const agent = users.map((name, place) =>
      issued(place * 60, 'svc_scep', `${name}@corp.example`, `50${place}`),
    )
    expect(found(...agent, ticket(900, 'u1', '500'))).toEqual(['certificate-agent low'])
    expect(found(...agent, issued(990, 'svc_scep', 'administrator@corp.example', '60'))).toEqual([
      'certificate-agent low',
      'certificate-for-another high',
    ])
  })
  it('is none for one’s own name, for machines, and for names nobody knows', () => {
    expect(
      found(
        issued(0, 'amber', 'amber@corp.example', '1'),
        issued(1, 'WS-01$', 'ws-01$@corp.example', '2'),
        issued(2, 'amber', 'a.miller@corp.example', '3'),
      ),
    ).toEqual([])
  })
})
