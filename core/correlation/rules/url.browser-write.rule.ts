import { baseName } from '../../normalise/path.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { type FileUse, splitStream, useOf } from '../file-names.ts'
import { cameBefore, type Link, MailLinks } from '../links.ts'
import { isBrowser } from '../mail-programs.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { ViewEvent } from '../view.ts'
import { isMachineVisit, wasStopped } from '../web-contacts.ts'

/** One program had both, one after the other; another page of it may be where the file came from. */
const BY_SAME_PROGRAM = 0.6
/** A download that a link sets off is written within this time (microseconds). */
const SOON_US = 120_000_000
/** What attacks are brought in; documents and pictures are saved all day. */
const RISKY: ReadonlySet<FileUse> = new Set<FileUse>([
  'script',
  'program',
  'archive',
  'disk-image',
  'shortcut',
  'installer',
])
/** Programs whose last link is remembered. Attack: a million made-up process ids. */
const MAX_PROGRAMS = 200_000

const CHROME = { processPath: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', pid: 40 }

const rule: Rule = {
  id: 'url.browser-write',
  order: 42,
  relations: ['downloaded-to'],
  attack: ['T1105', 'T1204.001'],
  texts: {
    en: {
      title: 'Files a browser wrote after a link of mail',
      description:
        'A browser asked for a link of mail, and within two minutes the same process wrote a script, program, archive, disk image, shortcut or installer of which no mark says where it came from: probably from there.',
      needs:
        'Web requests with the process and the whole address, file records with the process, and mail metadata with links.',
      falsePositives:
        'Another tab of the same browser may have loaded the file in those two minutes. Where a mark names the origin, that is taken instead.',
      'reason.after_link': '{browser} wrote the file {seconds} s after it had asked for this link of a mail.',
    },
    'zh-TW': {
      title: '瀏覽器在郵件連結之後寫入的檔案',
      description:
        '瀏覽器要求了郵件中的連結，同一處理程序在兩分鐘內寫入了指令碼、程式、壓縮檔、磁碟映像、捷徑或安裝檔，且沒有標記載明其來源：可能即來自該處。',
      needs: '含處理程序與完整位址的網頁要求、含處理程序的檔案紀錄，以及含連結的郵件中繼資料。',
      falsePositives: '檔案可能由同一瀏覽器的另一分頁在這兩分鐘內載入。若有標記載明來源，則以標記為準。',
      'reason.after_link': '{browser} 要求郵件中的此連結 {seconds} 秒後寫入了檔案。',
    },
    ja: {
      title: 'メールのリンクの後にブラウザーが書き込んだファイル',
      description:
        'ブラウザーがメールのリンクを要求し、同じプロセスが 2 分以内に、スクリプト、プログラム、アーカイブ、ディスクイメージ、ショートカット、インストーラーのいずれかを書き込みました。入手元の印がないため、おそらくそのリンクから来たものです。',
      needs:
        'プロセスと完全なアドレスを含む Web リクエスト、プロセスを含むファイルの記録、リンクを含むメールのメタデータ。',
      falsePositives:
        '同じブラウザーの別のタブがその 2 分間に読み込んだ可能性があります。入手元の印がある場合はそちらを採ります。',
      'reason.after_link':
        '{browser} は、メールのこのリンクを要求した {seconds} 秒後にファイルを書き込みました。',
    },
  },
  matches: [
    {
      title: 'a script written half a minute after the link was asked for',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/pay?id=1', where: 'body' }],
        }),
        exampleEvent('http-request', 60, {
          ...CHROME,
          processGuid: exampleGuid(1),
          url: 'https://out.example/pay?id=1',
        }),
        exampleEvent('file-create', 90, {
          ...CHROME,
          processGuid: exampleGuid(1),
          target: 'C:\\Users\\amber\\Downloads\\Pay.js',
        }),
      ],
      finds: ['downloaded-to: https://out.example/pay?id=1 -> Pay.js'],
    },
  ],
  ignores: [
    {
      title: 'a document, what another process or a later hour wrote, and what a mark says the origin of',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/pay?id=1', where: 'body' }],
        }),
        exampleEvent('http-request', 60, {
          ...CHROME,
          processGuid: exampleGuid(1),
          url: 'https://out.example/pay?id=1',
        }),
        exampleEvent('file-create', 70, {
          ...CHROME,
          processGuid: exampleGuid(1),
          target: 'C:\\Users\\amber\\Downloads\\a.pdf',
        }),
        exampleEvent('file-create', 80, {
          ...CHROME,
          pid: 41,
          processGuid: exampleGuid(2),
          target: 'C:\\Users\\amber\\Downloads\\b.zip',
        }),
        exampleEvent('file-create', 85, {
          ...CHROME,
          processGuid: exampleGuid(1),
          target: 'C:\\Users\\amber\\Downloads\\c.zip',
        }),
        exampleEvent('file-stream', 86, {
          ...CHROME,
          processGuid: exampleGuid(1),
          target: 'C:\\Users\\amber\\Downloads\\c.zip:Zone.Identifier',
          url: 'https://files.example.net/c.zip',
        }),
        exampleEvent('file-create', 4000, {
          ...CHROME,
          processGuid: exampleGuid(1),
          target: 'C:\\Users\\amber\\Downloads\\d.zip',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const links = new MailLinks(view)
    if (links.isEmpty) return
    const marked = new Set<string>()
    for (const event of view.events(['file-stream', 'file-create', 'file-rename'], ['target', 'url']))
      if (event.fields.url !== undefined) marked.add(fileKey(event))
    const last = new Map<string, { readonly at: number; readonly link: Link; readonly request: ViewEvent }>()
    for (const event of view.events(
      ['http-request', 'file-create', 'file-rename'],
      ['processPath', 'pid', 'processGuid', 'url', 'target', 'action', 'outcome', 'userAgent'],
    )) {
      const { endpointId, at } = event
      const { processPath, url, target, action } = event.fields
      if (endpointId === null || at === null || !isBrowser(processPath)) continue
      const program = programKey(event)
      if (event.kind === 'http-request') {
        const link =
          url === undefined || wasStopped(event) || isMachineVisit(event) ? undefined : links.find(url)
        if (link && cameBefore(link, at) && (last.has(program) || last.size < MAX_PROGRAMS))
          last.set(program, { at, link, request: event })
        continue
      }
      const use = target === undefined ? undefined : useOf(splitStream(target).path)
      const before = last.get(program)
      if (target === undefined || use === undefined || !RISKY.has(use) || action === 'blocked') continue
      if (!before || at - before.at > SOON_US || marked.has(fileKey(event))) continue
      yield {
        kind: 'downloaded-to',
        from: before.link.entity.id,
        to: fileOn(view.entity(endpointId), splitStream(target).path),
        at,
        confidence: BY_SAME_PROGRAM,
        reason: 'after_link',
        params: { browser: baseName(processPath ?? ''), seconds: Math.round((at - before.at) / 1e6) },
        proof: [...proofOf(event), ...proofOf(before.request)],
      }
    }
  },
}
export default rule

const fileKey = ({ endpointId, fields }: ViewEvent): string =>
  `${endpointId}|${splitStream(fields.target ?? '').path.toLowerCase()}`
const programKey = ({ endpointId, fields }: ViewEvent): string =>
  `${endpointId}|${fields.processGuid ?? fields.pid ?? ''}`
