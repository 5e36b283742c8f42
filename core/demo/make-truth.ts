import { toIso } from './clock.ts'
import { ATTACK, COMPANY } from './company.ts'
import type { EvidenceFiles } from './evidence-files.ts'
import type { Host } from './hosts.ts'
import type { DemoProcess } from './machine.ts'
import type { DemoMessage, MailCopy } from './mail.ts'
import { HOSTILE } from './noise-mail.ts'
import { accountOf, type Person } from './people.ts'
import { copyFor } from './post-office.ts'
import type { Story } from './story.ts'
import { TASK_NAME } from './story-document.ts'
import { LISTED } from './story-mail.ts'
import { SERVICE_NAME } from './story-server.ts'
import type { TrueExposure, TruePath, TrueRelation, TrueTouch, Truth } from './truth.ts'

const user = (person: Person): string => `user:${accountOf(person)}`
const endpoint = (host: Host): string => `endpoint:${host.netbios}`
const mailbox = (address: string): string => `mailbox:${address}`
const message = (sent: DemoMessage): string => `message:<${sent.messageId}>`
const url = (address: string): string => `url:${address}`
const file = (path: string): string => `file:${path}`
const process = (started: DemoProcess): string => `process:${started.guid.slice(1, -1).toLowerCase()}`
const relation = (kind: TrueRelation['kind'], from: string, to: string, at: number | null): TrueRelation => ({
  kind,
  from,
  to,
  at: at === null ? null : toIso(at),
})

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

const delivery = (sent: DemoMessage): { deliveredAt: string; mailboxes: string[] } => ({
  deliveredAt: toIso(Math.min(...sent.copies.map((copy) => copy.deliveredAt))),
  mailboxes: sent.copies.map((copy) => copy.mailbox),
})

function truePaths(story: Story): TruePath[] {
  const { scene, mail, document, server, clicks } = story
  const { cast, hosts } = scene
  const fileServer = endpoint(hosts.server('FS01'))
  const attachment = `attachment:${ATTACK.attachmentName}`
  const spawned = (from: DemoProcess, to: DemoProcess): TrueRelation =>
    relation('spawned', process(from), process(to), to.at)
  const toServer: TrueRelation[] = [
    relation('carries', message(mail.document), attachment, null),
    relation('saved-as', attachment, file(document.savedPath), document.savedAt),
    relation('executed-as', file(document.savedPath), process(document.word), document.word.at),
    spawned(document.word, document.powershell),
    spawned(document.powershell, document.payload),
    spawned(document.payload, document.fodhelper),
    spawned(document.fodhelper, document.elevated),
    relation('ran-on', process(document.elevated), endpoint(document.desk.host), null),
    relation('remote-logon', endpoint(document.desk.host), fileServer, server.logonAt),
  ]
  const colleagueClick = clicks.clicks.find((click) => click.message === 'forward')
  return [
    {
      title: 'The attachment to the file server',
      from: message(mail.document),
      to: fileServer,
      hops: toServer,
    },
    {
      title: 'The link to the terminal server',
      from: message(mail.link),
      to: endpoint(hosts.server('TS01')),
      hops: [
        relation('links-to', message(mail.link), url(ATTACK.signInUrl), null),
        relation('clicked-by', url(ATTACK.signInUrl), user(cast.clicker), clicks.clicks[0]?.at ?? null),
        relation('logged-on-to', user(cast.clicker), endpoint(hosts.server('TS01')), clicks.outsideLogonAt),
      ],
    },
    {
      title: 'The forward to the colleague',
      from: message(mail.link),
      to: user(cast.colleague),
      hops: [
        relation('forwarded-as', message(mail.link), message(mail.forward), mail.forward.sentAt),
        relation('links-to', message(mail.forward), url(ATTACK.signInUrl), null),
        relation('clicked-by', url(ATTACK.signInUrl), user(cast.colleague), colleagueClick?.at ?? null),
      ],
    },
  ]
}

function trueRelations(story: Story): TrueRelation[] {
  const { scene, mail, document, server, clicks } = story
  const { cast, hosts } = scene
  const ofMail = [mail.link, mail.document, mail.forward].flatMap((sent) =>
    sent.copies.map((copy) =>
      relation('delivered-to', message(sent), mailbox(copy.mailbox), copy.deliveredAt),
    ),
  )
  const owners = [cast.clicker, cast.opener, cast.colleague, cast.forwarder].map((person) =>
    relation('owned-by', mailbox(person.mail), user(person), null),
  )
  const opened = clicks.clicks.flatMap((click) => [
    relation('clicked-by', url(ATTACK.signInUrl), user(click.person), click.at),
    relation('opened-on', url(ATTACK.signInUrl), endpoint(click.host), click.at),
  ])
  const opener = endpoint(document.desk.host)
  return [
    ...ofMail,
    ...owners,
    ...opened,
    relation('dropped', process(document.powershell), file(document.payloadPath), document.droppedAt),
    relation('executed-as', file(document.payloadPath), process(document.payload), document.payload.at),
    relation('located-on', file(document.savedPath), opener, null),
    relation('ran-as', process(document.word), user(cast.opener), null),
    relation('resolved', process(document.payload), `domain:${ATTACK.controlHost}`, null),
    relation('connected-to', process(document.payload), `ip:${ATTACK.controlIp}`, null),
    relation('connected-to', process(document.powershell), `ip:${ATTACK.payloadIp}`, null),
    relation('logged-on-to', user(cast.helpdeskAdmin), opener, document.helpdeskAt),
    relation('remote-logon', endpoint(hosts.deskOf(cast.helpdesk)), opener, document.helpdeskAt),
    relation('logged-on-to', user(cast.helpdeskAdmin), endpoint(hosts.server('FS01')), server.logonAt),
    relation(
      'installed-service',
      endpoint(hosts.server('FS01')),
      `service:${SERVICE_NAME}`,
      server.serviceAt,
    ),
    relation('created-task', opener, `scheduled-task:${TASK_NAME}`, document.taskAt),
    relation('connected-to', process(server.service), `ip:${ATTACK.controlIp}`, null),
  ]
}

function trueTouches(story: Story): TrueTouch[] {
  const { scene, mail, clicks, document } = story
  const { cast, hosts } = scene
  const touch = (sent: DemoMessage, action: TrueTouch['action'], person: Person, at: number): TrueTouch => ({
    messageId: sent.messageId,
    action,
    user: user(person),
    endpoint: endpoint(hosts.deskOf(person)),
    at: toIso(at),
  })
  return [
    ...clicks.clicks.map((click) =>
      touch(click.message === 'link' ? mail.link : mail.forward, 'clicked', click.person, click.at),
    ),
    touch(mail.link, 'typed-password', cast.clicker, clicks.passwordTypedAt),
    touch(mail.link, 'forwarded', cast.forwarder, mail.forward.sentAt),
    touch(mail.document, 'opened', cast.opener, document.savedAt),
    touch(mail.document, 'ran', cast.opener, document.word.at),
  ]
}

function trueExposures(story: Story): TrueExposure[] {
  const { mail, clicks, document, scene } = story
  const people = new Map(scene.staff.map((person) => [person.mail, person]))
  const exposure = (sent: DemoMessage, copy: MailCopy): TrueExposure => {
    const person = people.get(copy.mailbox)
    const click = clicks.clicks.find(
      (candidate) =>
        candidate.person === person &&
        (candidate.message === 'link') === (sent === mail.link) &&
        sent !== mail.document,
    )
    const hasRun = sent === mail.document && person === scene.cast.opener
    const host = click?.host ?? (hasRun ? document.desk.host : undefined)
    return {
      messageId: sent.messageId,
      recipient: copy.mailbox,
      deliveredAt: toIso(copy.deliveredAt),
      clickedAt: click ? toIso(click.at) : null,
      executedAt: hasRun ? toIso(document.word.at) : null,
      endpoint: host ? endpoint(host) : null,
    }
  }
  return [mail.link, mail.forward, mail.document].flatMap((sent) =>
    sent.copies.map((copy) => exposure(sent, copy)),
  )
}

function trueRetroScan({
  mail,
}: Story): Pick<Truth, 'turned' | 'newlyMatching' | 'noLongerMatching' | 'excluded'> {
  const matching = [mail.link, mail.forward, mail.document]
  const became = (address: string) => ({ url: address, from: 'untested', to: 'dangerous' }) as const
  return {
    turned: [
      ...[
        ATTACK.signInUrl,
        ATTACK.trackingUrl,
        LISTED.approvedSenderUrl,
        LISTED.approvedUrl,
        LISTED.blockedUrl,
      ].map(became),
      { url: LISTED.newsletterUrl, from: 'dangerous', to: 'untested' },
    ],
    newlyMatching: matching.flatMap((sent) =>
      sent.copies.map((copy) => ({
        messageId: sent.messageId,
        mailbox: copy.mailbox,
        url: sent.urls[0] ?? '',
      })),
    ),
    noLongerMatching: mail.newsletter.copies.map((copy) => ({
      messageId: mail.newsletter.messageId,
      mailbox: copy.mailbox,
      url: LISTED.newsletterUrl,
      recordedAction: copy.action,
      restored: copy.action === 'quarantine',
    })),
    excluded: [
      { messageId: mail.approvedSender.messageId, url: LISTED.approvedSenderUrl, why: 'approved sender' },
      { messageId: mail.approvedUrl.messageId, url: LISTED.approvedUrl, why: 'approved URL' },
      { messageId: mail.blockedUrl.messageId, url: LISTED.blockedUrl, why: 'blocked URL' },
    ],
  }
}

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
