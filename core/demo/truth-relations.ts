import { ATTACK } from './company.ts'
import type { DemoProcess } from './machine.ts'
import type { Story } from './story.ts'
import { TASK_NAME } from './story-document.ts'
import { SERVICE_NAME } from './story-server.ts'
import { endpoint, file, mailbox, message, process, relation, url, user } from './truth-names.ts'
import type { TruePath, TrueRelation } from './truth.ts'

/** The ways the attack took, the main one first. */
export function truePaths(story: Story): TruePath[] {
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

/** What else must be found: deliveries, clicks, what ran, what stayed. */
export function trueRelations(story: Story): TrueRelation[] {
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
