import { listClicks } from './click-log.ts'
import { toIso } from './clock.ts'
import { ATTACK, COMPANY } from './company.ts'
import type { EvidenceFiles } from './evidence-files.ts'
import type { DemoMessage } from './mail.ts'
import { HOSTILE } from './noise-mail.ts'
import { accountOf, type Person } from './people.ts'
import type { Story } from './story.ts'
import { LISTED } from './story-mail.ts'
import { trueExposures, trueRetroScan, trueTouches } from './truth-mail.ts'
import { endpoint, file, message, url, user } from './truth-names.ts'
import { truePaths, trueRelations } from './truth-relations.ts'
import type { Truth } from './truth.ts'

/** The ground truth out of the very values the evidence was written from. */
export function makeTruth(seed: number, story: Story, evidence: EvidenceFiles): Truth {
  const { scene, mail } = story
  const { cast, hosts } = scene
  const ownHosts = new Map(hosts.workstations.map((host) => [host.owner, host]))
  return {
    schema: 1,
    seed,
    company: {
      name: COMPANY.name,
      domain: COMPANY.adDomain,
      netbios: COMPANY.netbios,
      mailDomain: COMPANY.mailDomain,
    },
    cast: Object.fromEntries(Object.entries(cast).map(([role, person]) => [role, user(person as Person)])),
    users: scene.people.map((person) => ({
      kind: person.kind,
      displayName: person.displayName,
      sid: person.sid,
      upn: person.upn,
      account: accountOf(person),
      smtp: person.mail === '' ? [] : [person.mail, ...person.otherMail],
      department: person.department,
      endpoint: ownHosts.get(person)?.fqdn ?? null,
    })),
    endpoints: hosts.all.map((host) => ({
      role: host.role,
      fqdn: host.fqdn,
      netbios: host.netbios,
      sid: host.sid,
      ip: host.ip,
      hasSensor: host.hasSensor,
      mailClient: host.mailClient ?? null,
    })),
    mailboxes: scene.staff.map((person) => person.mail),
    paths: truePaths(story),
    relations: trueRelations(story),
    vectors: [
      { messageId: mail.link.messageId, kind: 'link', value: ATTACK.signInUrl, ...delivery(mail.link) },
      {
        messageId: mail.document.messageId,
        kind: 'attachment',
        value: ATTACK.attachmentName,
        ...delivery(mail.document),
      },
      {
        messageId: mail.forward.messageId,
        kind: 'forward',
        value: ATTACK.signInUrl,
        ...delivery(mail.forward),
      },
    ],
    touched: trueTouches(story),
    exposures: trueExposures(story),
    nearMiss: {
      endpoint: endpoint(hosts.server('DC01')),
      from: endpoint(hosts.server('FS01')),
      failures: story.server.failures.map(toIso),
      accounts: [user(cast.itAdmin), user(cast.helpdeskAdmin)],
    },
    ...trueRetroScan(story),
    clicks: trueClicks(story),
    decoys: trueDecoys(story),
    endpointsWithoutSensor: hosts.all.filter((host) => !host.hasSensor).map(endpoint),
    files: evidence.files.map(({ name, format, records, rejected, bytes }) => ({
      name,
      format,
      records,
      rejected,
      bytes: bytes.length,
    })),
    duplicates: evidence.duplicates,
    hostileSubjects: HOSTILE.subjects,
  }
}

const trueClicks = (story: Story): Truth['clicks'] =>
  listClicks(story).map(({ person, url: address, at: clickedAt, isBlocked, replayed, version }) => ({
    user: user(person),
    url: address,
    at: toIso(clickedAt),
    outcome: replayed,
    pack: version === null ? null : `urlhaus-demo@${version}`,
    recorded: isBlocked ? 'ClickBlocked' : 'ClickAllowed',
  }))

const delivery = (sent: DemoMessage): { deliveredAt: string; mailboxes: string[] } => ({
  deliveredAt: toIso(Math.min(...sent.copies.map((copy) => copy.deliveredAt))),
  mailboxes: sent.copies.map((copy) => copy.mailbox),
})

function trueDecoys({ scene, mail, decoys, newsletterReaders }: Story): Truth['decoys'] {
  return [
    {
      name: 'Maintenance evening',
      why: 'PsExec and encoded PowerShell on nine servers by the administrator, announced as CHG-20418.',
      entities: [user(scene.cast.itAdmin), user(scene.cast.itAdminPerson), endpoint(decoys.adminHost)],
    },
    {
      name: 'Newsletter',
      why: 'The feed called its short link dangerous and took that back two weeks later.',
      entities: [
        message(mail.newsletter),
        url(LISTED.newsletterUrl),
        ...newsletterReaders.map((person) => endpoint(scene.hosts.deskOf(person))),
      ],
    },
    {
      name: 'Macro workbook',
      why: 'The finance department works with macros; Excel only prints.',
      entities: [
        message(mail.workbook),
        user(scene.cast.accountant),
        endpoint(decoys.accountantHost),
        file(decoys.workbookPath),
      ],
    },
  ]
}
