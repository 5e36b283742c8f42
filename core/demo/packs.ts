import { ATTACK, COMPANY } from './company.ts'
import type { Random } from './random.ts'
import { LISTED } from './story-mail.ts'

/** A pattern pack file of the demo and how it is to be added. */
export interface DemoPack {
  readonly file: string
  readonly name: string
  readonly version: string
  readonly createdAt: string
  readonly text: string
}

const NAME = 'urlhaus-demo'
const FIRST_ID = 3_400_000

interface Row {
  readonly url: string
  readonly addedAt: string
  readonly tags: string
}

/** Two dumps of one feed, two weeks apart. The second adds the campaign and drops the newsletter. */
export function makePacks(random: Random): readonly [DemoPack, DemoPack] {
  const usual = Array.from({ length: 240 }, (_, index): Row => ({
    url: `http://203.0.113.${random.between(2, 120)}:${random.pick([80, 8080, 53_417])}/${random.hex(6)}/${random.pick(['i', 'bin.sh', 'mozi.m', 'x.exe'])}`,
    addedAt: `2026-02-${String(1 + (index % 27)).padStart(2, '0')} ${String(index % 24).padStart(2, '0')}:15:07`,
    tags: 'elf,mozi',
  }))
  const before: Row[] = [
    ...usual,
    { url: LISTED.newsletterUrl, addedAt: '2026-02-28 11:02:40', tags: 'redirect' },
    { url: 'https://lotterie.example/los/0?q=%3Cscript%3E', addedAt: '2026-03-01 04:20:00', tags: 'spam' },
  ]
  const after: Row[] = [
    ...before.filter((row) => row.url !== LISTED.newsletterUrl).slice(30),
    ...[
      ATTACK.signInUrl,
      ATTACK.trackingUrl,
      ATTACK.payloadUrl,
      LISTED.approvedSenderUrl,
      LISTED.approvedUrl,
      LISTED.blockedUrl,
    ].map((url, index): Row => ({
      url,
      addedAt: `2026-03-1${4 + (index % 3)} 0${index}:41:19`,
      tags: 'phishing',
    })),
  ]
  return [
    {
      file: 'urlhaus-2026-03-02.csv',
      name: NAME,
      version: '2026-03-02',
      createdAt: '2026-03-02T06:00:00.000000Z',
      text: writeDump(before, '2026-03-02 06:00:00'),
    },
    {
      file: 'urlhaus-2026-03-17.csv',
      name: NAME,
      version: '2026-03-17',
      createdAt: '2026-03-17T06:00:00.000000Z',
      text: writeDump(after, '2026-03-17 06:00:00'),
    },
  ]
}

/** The feed's CSV: remarks, a header that is a remark itself, every cell quoted, newest first, CRLF. */
function writeDump(rows: readonly Row[], updated: string): string {
  const head = [
    '################################################################',
    '# Demo dump in the form of the URLhaus database                #',
    `# Last updated: ${updated} (UTC)                      #`,
    '################################################################',
    '#',
    '# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter',
  ]
  const lines = rows.map((row, index) => {
    const id = String(FIRST_ID + index)
    const cells = [
      id,
      row.addedAt,
      row.url,
      'online',
      row.addedAt,
      'malware_download',
      row.tags,
      `https://urlhaus.example/url/${id}/`,
      'demo',
    ]
    return cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')
  })
  return [...head, ...lines, ''].join('\r\n')
}

/** The mail policy of the demo: Medium, quarantine, retro scan on with consent, all three lists, time of click and notices in use. */
export const DEMO_POLICY = {
  schema: 1,
  name: 'Demo policy',
  service: 'exchange-online',
  enabled: true,
  internalDomains: ['morgenlicht.example', 'morgenlicht-optik.example'],
  scope: 'all',
  securityLevel: 'medium',
  scanAttachments: true,
  retroScan: { enabled: true, consentAt: '2026-03-17T08:00:00.000000Z' },
  approvedSenders: { enabled: true, addresses: [LISTED.approvedSender] },
  approvedUrls: { enabled: true, includeInternalDomains: true, urls: [LISTED.approvedUrl] },
  blockedUrls: { enabled: true, urls: [LISTED.blockedUrl] },
  timeOfClick: {
    enabled: true,
    urlScope: 'all',
    actions: {
      dangerous: 'block',
      'highly-suspicious': 'block',
      suspicious: 'warn',
      untested: 'warn',
      safe: 'allow',
    },
  },
  actions: { matched: 'quarantine', blockedUrl: 'quarantine' },
  notifications: {
    administrators: {
      enabled: true,
      groups: ['Security Operations'],
      recipients: [`soc@${COMPANY.mailDomain}`],
      subject: '%action%: %subject%',
      body: null,
      threshold: { mode: 'period', days: 7 },
    },
    users: { enabled: true, subject: null, body: null },
  },
} as const
