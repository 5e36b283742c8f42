import { at, toMboxDate } from './clock.ts'
import { listClicks, writeClickLog } from './click-log.ts'
import type { SiteCode } from './company.ts'
import { writeEvtx } from './evtx-writer.ts'
import type { Host } from './hosts.ts'
import { CHANNELS, type ChannelId, type LoggedEvent } from './log.ts'
import { type DemoMessage, type MailCopy, writeEml, writeSweepPages } from './mail.ts'
import type { Person } from './people.ts'
import { copyFor } from './post-office.ts'
import type { Story } from './story.ts'
import { toEvtx, toFlatJson, toWinlogbeat } from './write-logs.ts'
import { writeLdif } from './write-ldif.ts'
import { writeSharpHound } from './write-sharphound.ts'

/** One evidence file of the demo, in memory. */
export interface EvidenceFile {
  /** Path in the evidence folder, with `/`. */
  readonly name: string
  /** Id of the importer that must recognise it. */
  readonly format: string
  /** Null where the file is cut off on purpose. */
  readonly records: number | null
  readonly rejected: number
  readonly bytes: Uint8Array
}

const SITE_FILES: readonly (readonly [SiteCode, string])[] = [
  ['JEN', 'jena'],
  ['LDS', 'leeds'],
  ['MAT', 'matsumoto'],
  ['HSC', 'hsinchu'],
]
const CHANNEL_IDS = Object.keys(CHANNELS) as ChannelId[]
const SWEEP_PAGE = 1000
/** Until then the opener's events also reached the log collector: they stand in two files. */
const COLLECTED_UNTIL = at('2026-03-11 01:00')
/** Header, part of the first chunk: a copy that broke off. */
const CUT_OFF_AT = 36_500

export interface EvidenceFiles {
  readonly files: readonly EvidenceFile[]
  readonly duplicates: number
}

/** Every evidence file of the story. Which log went into which format is decided here and nowhere else. */
export function writeEvidence(story: Story): EvidenceFiles {
  const { scene, document } = story
  const { hosts, logs, cast } = scene
  const opener = document.desk.host
  const clicker = hosts.deskOf(cast.clicker)
  const fileServer = hosts.server('FS01')
  const controller = hosts.server('DC01')
  const printer = hosts.server('PRT01')

  const asEvtx: readonly (readonly [Host, readonly ChannelId[]])[] = [
    [clicker, ['sysmon', 'security']],
    [opener, ['sysmon', 'security', 'powershell']],
    [fileServer, ['security', 'system']],
    [controller, ['security']],
    [printer, ['security']],
  ]
  const isEvtx = (host: Host, channel: ChannelId): boolean =>
    asEvtx.some(([owner, channels]) => owner === host && channels.includes(channel))
  const evtx = asEvtx.flatMap(([host, channels]) =>
    channels.map((channel) => evtxFile(host, channel, logs.read(host, channel), host === printer)),
  )

  const overlap = logs.read(opener, 'sysmon').filter((event) => event.timeUs < COLLECTED_UNTIL)
  // An original that the journal holds as well is the same copy of the same message.
  const journaled = new Set(journalCopies(story).map(({ copy }) => copy))
  const inBoth = originalsOf(story).filter(({ copy }) => journaled.has(copy)).length
  const collected = (machines: readonly Host[]): LoggedEvent[] =>
    machines.flatMap((host) =>
      CHANNEL_IDS.filter((channel) => !isEvtx(host, channel)).flatMap((channel) => logs.read(host, channel)),
    )
  const json = SITE_FILES.map(([site, name]) => {
    const events = collected(hosts.workstations.filter((host) => host.site === site))
    if (site === opener.site) events.push(...overlap)
    return linesFile(`edr/winlogbeat-${name}.ndjson`, events, toWinlogbeat, site === 'LDS')
  })
  const servers = [...hosts.servers, ...hosts.controllers].filter((host) => host !== fileServer)
  json.push(linesFile('edr/winlogbeat-servers.ndjson', collected(servers), toWinlogbeat, false))
  json.push(linesFile('edr/fs01-sysmon.json', logs.read(fileServer, 'sysmon'), toFlatJson, false))

  return {
    files: [...json, ...evtx, ...mailFiles(story), ...directoryFiles(story)],
    duplicates: overlap.length + inBoth,
  }
}

function evtxFile(
  host: Host,
  channel: ChannelId,
  events: readonly LoggedEvent[],
  isCutOff: boolean,
): EvidenceFile {
  const title = CHANNELS[channel].name.replace(/^Microsoft-Windows-(.*)\/Operational$/, '$1')
  const bytes = writeEvtx(events.map(toEvtx))
  return {
    name: `evtx/${host.netbios}-${title}.evtx`,
    format: 'evtx',
    records: isCutOff ? null : events.length,
    rejected: 0,
    bytes: isCutOff ? bytes.subarray(0, CUT_OFF_AT) : bytes,
  }
}

/** JSON lines in time order; with `isDamaged` one line of an update service breaks off in the middle. */
function linesFile(
  name: string,
  events: readonly LoggedEvent[],
  toLine: (event: LoggedEvent) => string,
  isDamaged: boolean,
): EvidenceFile {
  const sorted = events.map((event, index) => ({ event, index }))
  sorted.sort((a, b) => a.event.timeUs - b.event.timeUs || a.index - b.index)
  const lines = sorted.map(({ event }) => toLine(event))
  const victim = isDamaged ? lines.findIndex((line) => line.includes('wuauserv')) : -1
  const written = lines.map((line, index) =>
    index === victim ? line.slice(0, Math.floor(line.length / 2)) : line,
  )
  return {
    name,
    format: 'windows-json',
    records: lines.length,
    rejected: victim < 0 ? 0 : 1,
    bytes: Buffer.from(`${written.join('\n')}\n`),
  }
}

interface OriginalCopy {
  readonly name: string
  readonly message: DemoMessage
  readonly copy: MailCopy
}

/** Messages whose original somebody saved out of a mailbox. */
function originalsOf({ mail, scene }: Story): OriginalCopy[] {
  const original = (name: string, message: DemoMessage, person: Person): OriginalCopy => ({
    name,
    message,
    copy: copyFor(message, person),
  })
  return [
    original('freigabe-48213.eml', mail.link, scene.cast.clicker),
    original('lieferavis-48213.eml', mail.document, scene.cast.opener),
    original('fw-freigabe-48213.eml', mail.forward, scene.cast.colleague),
    original('budget-2026.eml', mail.workbook, scene.cast.accountant),
  ]
}

function mailFiles(story: Story): EvidenceFile[] {
  const { post } = story
  const rows = post.messages.reduce((sum, message) => sum + message.copies.length, 0)
  const pages = writeSweepPages(post.messages, SWEEP_PAGE).map((page, index): EvidenceFile => ({
    name: `mail/sweep-2026-03-page${index + 1}.json`,
    format: 'mail-sweep',
    records: Math.min(SWEEP_PAGE, rows - index * SWEEP_PAGE),
    rejected: 0,
    bytes: Buffer.from(page),
  }))
  const originals = originalsOf(story).map(({ name, message, copy }): EvidenceFile => ({
    name: `mail/${name}`,
    format: 'eml',
    records: 1,
    rejected: 0,
    bytes: Buffer.from(writeEml(message, copy)),
  }))
  const clicks = listClicks(story)
  const log: EvidenceFile = {
    name: 'mail/url-clicks-2026-03.ndjson',
    format: 'defender',
    records: clicks.length,
    rejected: 0,
    bytes: Buffer.from(writeClickLog(clicks)),
  }
  return [...pages, ...originals, journal(story), log]
}

/** Two days of mail to the logistics department. */
function journalCopies({ post, scene }: Story): { message: DemoMessage; copy: MailCopy }[] {
  const mailboxes = new Set(
    scene.staff.filter((person) => person.department === 'Logistik').map((person) => person.mail),
  )
  const from = at('2026-03-10 00:00')
  const to = at('2026-03-12 00:00')
  return post.messages
    .flatMap((message) => message.copies.map((copy) => ({ message, copy })))
    .filter(({ copy }) => mailboxes.has(copy.mailbox) && copy.deliveredAt >= from && copy.deliveredAt < to)
    .sort((a, b) => a.copy.deliveredAt - b.copy.deliveredAt)
}

function journal(story: Story): EvidenceFile {
  const copies = journalCopies(story)
  const text = copies.map(
    ({ message, copy }) =>
      `From ${message.from.address} ${toMboxDate(copy.deliveredAt)}\n${writeEml(message, copy).replaceAll('\r\n', '\n')}\n`,
  )
  return {
    name: 'mail/journal-logistik.mbox',
    format: 'mbox',
    records: copies.length,
    rejected: 0,
    bytes: Buffer.from(text.join('')),
  }
}

function directoryFiles(story: Story): EvidenceFile[] {
  const collector = writeSharpHound(story.scene)
  const ldif = writeLdif(story.scene)
  return [
    {
      name: 'ad/20260311073000_BloodHound.zip',
      format: 'sharphound',
      records: collector.records,
      rejected: 0,
      bytes: collector.bytes,
    },
    {
      name: 'ad/ldapsearch-2026-03-12.ldif',
      format: 'ldif',
      records: ldif.records,
      rejected: 0,
      bytes: Buffer.from(ldif.text),
    },
  ]
}
