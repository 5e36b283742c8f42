import { at, toFiletimeText, toGeneralizedTime } from './clock.ts'
import { COMPANY } from './company.ts'
import { guidOf, hostDn, makeGroups, personDn } from './directory.ts'
import { guidBytes, sidBytes } from './evtx-event.ts'
import type { Scene } from './scene.ts'

type Attribute = readonly [name: string, value: string | Uint8Array]

const FOLD_AT = 76
const CREATED = toGeneralizedTime(at('2021-04-06 08:00'))
/** userAccountControl of a user and a workstation. */
const NORMAL_ACCOUNT = '512'
const WORKSTATION_TRUST = '4096'
const SERVER_TRUST = '532480'

/**
 * The directory as `ldapsearch` prints it, taken a day after the collector ran: staff with all their mail addresses,
 * computers, groups, and the partition that names the NetBIOS domain.
 * @returns the text and how many entries it holds
 */
export function writeLdif(scene: Scene): { readonly text: string; readonly records: number } {
  const entries: Attribute[][] = [
    [
      ['dn', `CN=${COMPANY.netbios},CN=Partitions,CN=Configuration,${COMPANY.baseDn}`],
      ['objectClass', 'crossRef'],
      ['cn', COMPANY.netbios],
      ['nCName', COMPANY.baseDn],
      ['dnsRoot', COMPANY.adDomain],
      ['nETBIOSName', COMPANY.netbios],
    ],
    ...scene.people.map((person): Attribute[] => [
      ['dn', personDn(person)],
      ['objectClass', 'top'],
      ['objectClass', 'person'],
      ['objectClass', 'user'],
      ['cn', person.displayName],
      ['displayName', person.displayName],
      ...(person.givenName === ''
        ? []
        : ([
            ['givenName', person.givenName],
            ['sn', person.familyName],
          ] as Attribute[])),
      ['sAMAccountName', person.sam],
      ['userPrincipalName', person.upn],
      ...(person.mail === ''
        ? []
        : ([
            ['mail', person.mail],
            ['proxyAddresses', `SMTP:${person.mail}`],
            ...person.otherMail.map((address): Attribute => ['proxyAddresses', `smtp:${address}`]),
          ] as Attribute[])),
      ['department', person.department],
      ['title', person.title],
      ['userAccountControl', NORMAL_ACCOUNT],
      ['primaryGroupID', '513'],
      ['objectGUID', guidBytes(guidOf(person.sid))],
      ['objectSid', sidBytes(person.sid)],
      ['whenCreated', CREATED],
      ['pwdLastSet', toFiletimeText(at('2026-01-12 07:00') + person.rid * 60_000_000)],
    ]),
    ...scene.hosts.all.map((host): Attribute[] => [
      ['dn', hostDn(host)],
      ['objectClass', 'top'],
      ['objectClass', 'computer'],
      ['cn', host.netbios],
      ['sAMAccountName', `${host.netbios}$`],
      ['dNSHostName', host.fqdn],
      ['operatingSystem', host.operatingSystem],
      ['description', host.purpose],
      ['userAccountControl', host.role === 'domain-controller' ? SERVER_TRUST : WORKSTATION_TRUST],
      ['primaryGroupID', host.role === 'domain-controller' ? '516' : '515'],
      ['objectGUID', guidBytes(guidOf(host.sid))],
      ['objectSid', sidBytes(host.sid)],
      ['whenCreated', CREATED],
    ]),
    ...makeGroups(scene)
      .filter((group) => group.name !== 'Domain Users' && group.name !== 'Domain Computers')
      .map((group): Attribute[] => [
        ['dn', `CN=${group.name},OU=Groups,${COMPANY.baseDn}`],
        ['objectClass', 'group'],
        ['sAMAccountName', group.name],
        ...group.members.map((member): Attribute => ['member', member.dn]),
        ['objectGUID', guidBytes(guidOf(group.sid))],
        ['objectSid', sidBytes(group.sid)],
        ['whenCreated', CREATED],
      ]),
  ]
  const head = [
    '# extended LDIF',
    '#',
    '# LDAPv3',
    `# base <${COMPANY.baseDn}> with scope subtree`,
    '# filter: (|(objectClass=user)(objectClass=computer)(objectClass=group))',
    '#',
    '',
  ]
  const tail = [
    '# search result',
    'search: 2',
    'result: 0 Success',
    '',
    `# numResponses: ${entries.length + 1}`,
    `# numEntries: ${entries.length}`,
    '',
  ]
  const body = entries.flatMap((attributes) => [
    ...attributes.map(([name, value]) => foldLine(writeAttribute(name, value))),
    '',
  ])
  return { text: [...head, ...body, ...tail].join('\n'), records: entries.length }
}

/** Base64 where RFC 2849 asks for it: not ASCII, or a start that could be misread. */
function writeAttribute(name: string, value: string | Uint8Array): string {
  if (typeof value !== 'string') return `${name}:: ${Buffer.from(value).toString('base64')}`
  const isSafe = /^[!-9;=-~][ -~]*$/.test(value)
  return isSafe ? `${name}: ${value}` : `${name}:: ${Buffer.from(value).toString('base64')}`
}

function foldLine(line: string): string {
  const lines = [line.slice(0, FOLD_AT)]
  for (let from = FOLD_AT; from < line.length; from += FOLD_AT - 1)
    lines.push(` ${line.slice(from, from + FOLD_AT - 1)}`)
  return lines.join('\n')
}
