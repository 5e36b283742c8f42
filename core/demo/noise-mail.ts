import { at, DAY, HOUR, MINUTE } from './clock.ts'
import { attachment } from './mail.ts'
import { asSender, type PostOffice } from './post-office.ts'
import type { Random } from './random.ts'
import type { Scene } from './scene.ts'

const FIRST_DAY = at('2026-02-23 00:00')
const DAYS = 30
const CONVERSATIONS = 150
const VENDOR_MAILS = 120

const SUBJECTS = [
  'Besprechung am Donnerstag',
  '来週の検査スケジュールについて',
  '關於第二季預算',
  'Quarterly numbers, first look',
  'Rückfrage zur Stückliste 4471',
  '出張精算の件',
  '新產品樣品寄送通知',
  'Lunch on Friday?',
  'Zeichnung Rev. C',
  'Fwd: Messprotokoll Linse 12',
]
const TEXTS = [
  'Kurze Frage dazu, siehe unten.',
  'ご確認をお願いいたします。',
  '請協助確認，謝謝。',
  'Could you have a look, please?',
  'Danke und Gruß',
]
const VENDORS: readonly (readonly [string, string, string, string])[] = [
  [
    'service@glaswerk-partner.example',
    'Glaswerk Partner',
    '192.0.2.200',
    'https://portal.glaswerk-partner.example/auftrag/',
  ],
  ['noreply@cloudoffice.example', 'Cloud Office', '192.0.2.90', 'https://login.cloudoffice.example/share/'],
  [
    'info@optik-fachblatt.example',
    'Optik Fachblatt',
    '192.0.2.18',
    'https://www.optik-fachblatt.example/artikel/',
  ],
  ['order@kamera.example', 'カメラ商会', '192.0.2.121', 'https://shop.kamera.example/order/'],
  ['notice@hongyuan.example', '宏遠物流', '192.0.2.130', 'https://www.物流.example/track/'],
]

/** Spam with strings that attack whoever shows, exports or prints them. It does nothing in the story. */
export const HOSTILE = {
  subjects: [
    '<script>alert("redthread")</script> Gewinnspiel',
    '=HYPERLINK("https://formel.example/","Rechnung öffnen")',
    'Rechnung \u202Efdp.exe als Anlage',
    '"><img src=x onerror=alert(1)>',
    'NULL\u0000byte and bell\u0007 inside',
    '{{constructor.constructor("return 1")()}} ${7*7} %s%n',
    '__proto__ と constructor',
    'A'.repeat(600),
  ],
  fileNames: [
    'rechnung\u202Efdp.scr',
    '../../../../windows/win.ini',
    '<svg onload=alert(1)>.html',
    '=cmd|calc!A1.csv',
  ],
} as const

/** Thirty days of ordinary mail in four languages. */
export function makeMailNoise(scene: Scene, post: PostOffice): void {
  const random = scene.random.fork('mail')
  for (let index = 0; index < CONVERSATIONS; index++) converse(scene, post, random)
  for (let index = 0; index < VENDOR_MAILS; index++) {
    const [address, name, ip, base] = random.pick(VENDORS)
    const number = random.between(10_000, 99_999)
    post.post({
      sentAt: workingTime(random),
      from: { address, name },
      to: random.sample(scene.staff, random.between(1, 6)),
      subject:
        random.pick([
          'Auftragsbestätigung',
          'ご注文ありがとうございます',
          '出貨通知',
          'A file was shared with you',
        ]) + ` ${number}`,
      text: random.pick(TEXTS),
      urls: [`${base}${number}`],
      source: { ip, host: `mta.${address.replace(/^.*@/, '')}` },
    })
  }
  announce(scene, post, random)
  sendHostileSpam(scene, random, post)
}

function converse(scene: Scene, post: PostOffice, random: Random): void {
  const people = random.sample(scene.staff, random.between(2, 4))
  const [first, second, ...others] = people
  if (!first || !second) return
  const subject = random.pick(SUBJECTS)
  const sentAt = workingTime(random)
  const opening = post.post({
    sentAt,
    from: asSender(first),
    to: [second, ...others],
    subject,
    text: random.pick(TEXTS),
  })
  if (random.chance(0.6))
    post.post({
      sentAt: sentAt + random.between(5, 400) * MINUTE,
      from: asSender(second),
      to: [first, ...others],
      subject: `${random.pick(['AW', 'RE', 'Re', '回覆'])}: ${subject}`,
      text: random.pick(TEXTS),
      inReplyTo: opening.messageId,
    })
}

/** Two mails to everybody. */
function announce(scene: Scene, post: PostOffice, random: Random): void {
  const from = { address: 'intern@morgenlicht.example', name: 'Interne Kommunikation' }
  for (const [day, subject] of [
    [4, 'Neuer Speiseplan / 社員食堂メニュー / 員工餐廳菜單'],
    [24, 'Sommerzeit: Umstellung am 29. März'],
  ] as const)
    post.post({
      sentAt: FIRST_DAY + day * DAY + 9 * HOUR + random.int(60) * MINUTE,
      from,
      to: scene.staff,
      subject,
      text: 'Bitte beachten. ご確認ください。請留意。',
      urls: ['https://intranet.morgenlicht.example/aktuell'],
    })
}

function sendHostileSpam(scene: Scene, random: Random, post: PostOffice): void {
  HOSTILE.subjects.forEach((subject, index) => {
    const name = HOSTILE.fileNames[index]
    post.post({
      id: `hostile-${index}`,
      // After the first pack, which knows one of these links already.
      sentAt: at('2026-03-03 11:00') + index * 5 * HOUR,
      from: { address: `gewinn${index}@lotterie.example`, name: index === 3 ? '"><script>' : 'Lotterie' },
      to: random.sample(scene.staff, 2),
      subject,
      text: 'Sie haben gewonnen.',
      urls: [`https://lotterie.example/los/${index}?q=%3Cscript%3E`],
      ...(name === undefined
        ? {}
        : {
            attachments: [attachment(name, 'application/octet-stream', Buffer.from(`Demo file ${index}\n`))],
          }),
      source: { ip: '203.0.113.201', host: 'bulk.lotterie.example' },
      action: () => 'quarantine',
      authentication: 'spf=softfail; dkim=none; dmarc=fail',
    })
  })
}

/** A moment of a European or Asian working day. */
function workingTime(random: Random): number {
  let day = random.int(DAYS)
  // 2026-02-23 is a Monday.
  while (day % 7 >= 5) day = random.int(DAYS)
  return FIRST_DAY + day * DAY + random.between(1 * 60, 16 * 60) * MINUTE + random.int(60_000) * 1000
}
