import type { BookEntity } from '../../identity/entity-book.ts'
import { parseUrl } from '../../normalise/url.ts'
import { unwrapUrl } from '../../normalise/url-unwrap.ts'
import { proofOf } from '../drafts.ts'
import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { isBrowser, isMailClient } from '../mail-programs.ts'
import { Recipients } from '../recipients.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The mail client started the browser with this address. */
const FROM_CLIENT = 0.96
/** A browser was started with this address by something else. */
const BY_BROWSER = 0.85
/** A click log of the mail or proxy product. */
const BY_CLICK_LOG = 0.95
/** A downloaded file names the address as its origin or referrer. */
const BY_MARK = 0.85
/** A browser of a recipient looked up or reached the host soon after delivery. */
const BY_HOST = 0.55
/** How long after delivery the first contact with the host still speaks for the link. */
const WINDOW_US = 3 * 86_400_000_000
/** A host that this many endpoints contact is popular: contact says nothing. */
const POPULAR_ENDPOINTS = 12

const rule: Rule = {
  id: 'link.opened',
  order: 41,
  relations: ['clicked-by', 'opened-on'],
  attack: ['T1204.001', 'T1566.002'],
  texts: {
    en: {
      title: 'Link opened',
      description:
        'A link of a message was opened: the browser was started with it (by the mail client or otherwise), a click log or a download mark names it, or a recipient’s browser contacted its host soon after delivery.',
      needs:
        'Mail metadata with links; process starts with command lines, click logs, download marks, or DNS and network events; users tied to mailboxes and endpoints.',
      falsePositives:
        'Link scanners and previews open links too. Contact with the host alone may come from another page of the same site.',
      'reason.mail_client': '{client} started {browser} with this link.',
      'reason.browser': '{browser} was started with this link.',
      'reason.click_log': 'A click log names this link.',
      'reason.mark': 'A downloaded file names this link as its origin.',
      'reason.host':
        '{browser} contacted {host} {minutes} minutes after delivery; nobody contacted it there before.',
      'reason.host_only':
        'The endpoint contacted {host} {minutes} minutes after delivery; nobody contacted it there before.',
    },
    'zh-TW': {
      title: '開啟連結',
      description:
        '郵件中的連結遭開啟：瀏覽器以該連結啟動（由郵件用戶端或其他方式）、點擊紀錄或下載標記載明該連結，或收件者的瀏覽器在投遞後不久連線至其主機。',
      needs:
        '含連結的郵件中繼資料；含命令列的處理程序啟動、點擊紀錄、下載標記，或 DNS 與網路事件；使用者與信箱、端點的對應。',
      falsePositives: '連結掃描與預覽也會開啟連結。僅連線至該主機，可能只是瀏覽同一網站的其他頁面。',
      'reason.mail_client': '{client} 以此連結啟動了 {browser}。',
      'reason.browser': '{browser} 以此連結啟動。',
      'reason.click_log': '點擊紀錄載明此連結。',
      'reason.mark': '下載的檔案載明此連結為其來源。',
      'reason.host': '{browser} 在投遞後 {minutes} 分鐘連線至 {host}，在此之前該端點從未連線。',
      'reason.host_only': '端點在投遞後 {minutes} 分鐘連線至 {host}，在此之前從未連線。',
    },
    ja: {
      title: 'リンクの開封',
      description:
        'メッセージのリンクが開かれました。ブラウザーがそのリンクで起動された（メールクライアントなどから）、クリックログやダウンロードマークに記録がある、または配信後まもなく受信者のブラウザーがホストに接続しています。',
      needs:
        'リンクを含むメールのメタデータ、コマンドライン付きのプロセス起動、クリックログ、ダウンロードマーク、または DNS・ネットワークイベント、ユーザーとメールボックス・エンドポイントの対応。',
      falsePositives:
        'リンクスキャナーやプレビューもリンクを開きます。ホストへの接続だけでは、同じサイトの別ページの可能性があります。',
      'reason.mail_client': '{client} がこのリンクで {browser} を起動しました。',
      'reason.browser': '{browser} がこのリンクで起動されました。',
      'reason.click_log': 'クリックログにこのリンクが記録されています。',
      'reason.mark': 'ダウンロードされたファイルの入手元がこのリンクです。',
      'reason.host':
        '配信の {minutes} 分後に {browser} が {host} に接続しました。それ以前の接続はありません。',
      'reason.host_only':
        '配信の {minutes} 分後にエンドポイントが {host} に接続しました。それ以前の接続はありません。',
    },
  },
  matches: [
    {
      title: 'Outlook starts the browser with the link',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleEvent('process-start', 60, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
          commandLine: '"msedge.exe" --single-argument https://out.example/a',
          parentPath: 'C:\\Office\\OUTLOOK.EXE',
        }),
      ],
      finds: ['clicked-by: https://out.example/a -> amber', 'opened-on: https://out.example/a -> WS-01'],
    },
    {
      title: 'a recipient’s browser looks up the host after delivery',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', -3600, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 2,
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://rare.example/a', where: 'body' }],
        }),
        exampleEvent('dns-query', 300, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\x\\chrome.exe',
          target: 'rare.example',
        }),
      ],
      finds: ['opened-on: https://rare.example/a -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a machine of two users: the other one visited the host',
      items: [
        exampleUser('amber', 1105),
        exampleUser('bruno', 1106),
        exampleEvent('logon', -3600, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 10,
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://rare.example/a', where: 'body' }],
        }),
        exampleEvent('dns-query', 300, {
          account: 'CORP\\bruno',
          accountSid: 'S-1-5-21-1-2-3-1106',
          processPath: 'C:\\x\\chrome.exe',
          target: 'rare.example',
        }),
      ],
      finds: [],
    },
    {
      title: 'the host was in use before the message came',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', -7200, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 2,
        }),
        exampleEvent('dns-query', -3600, { processPath: 'C:\\x\\chrome.exe', target: 'rare.example' }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://rare.example/a', where: 'body' }],
        }),
        exampleEvent('dns-query', 300, { processPath: 'C:\\x\\chrome.exe', target: 'rare.example' }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    const links = linksByUrl(view)
    if (links.size === 0) return
    yield* byCommandLine(view, links)
    yield* byRecord(view, links)
    yield* byContact(view)
  },
}
export default rule

/** Links of all messages by normal form. */
function linksByUrl(view: CorrelationView): Map<string, BookEntity> {
  const links = new Map<string, BookEntity>()
  for (const copy of view.mail.copies) for (const link of copy.urls) links.set(link.url, link.entity)
  return links
}

function findLink(links: ReadonlyMap<string, BookEntity>, text: string): BookEntity | undefined {
  const normal = parseUrl(text)?.text
  if (normal === undefined) return undefined
  const direct = links.get(normal)
  if (direct) return direct
  const inner = unwrapUrl(text)
  return inner === undefined ? undefined : links.get(parseUrl(inner)?.text ?? '')
}

function* opened(
  link: BookEntity,
  event: ViewEvent,
  confidence: number,
  reason: string,
  params: Record<string, string | number>,
): Generator<RelationDraft> {
  const base = { from: link.id, at: event.at, confidence, reason, params, proof: proofOf(event) }
  if (event.userId !== null) yield { kind: 'clicked-by', to: event.userId, ...base }
  if (event.endpointId !== null) yield { kind: 'opened-on', to: event.endpointId, ...base }
}

const URL_IN_TEXT = /(?:https?|ftp):\/\/[^\s"'<>]+/gi
const last = (path: string | undefined) => path?.split(/[\\/]/).at(-1) ?? ''

function* byCommandLine(
  view: CorrelationView,
  links: ReadonlyMap<string, BookEntity>,
): Generator<RelationDraft> {
  for (const event of view.events(['process-start'], ['processPath', 'commandLine', 'parentPath'])) {
    const { commandLine, processPath, parentPath } = event.fields
    if (commandLine === undefined || !commandLine.includes('://')) continue
    const fromClient = isMailClient(parentPath)
    if (!fromClient && !isBrowser(processPath)) continue
    for (const text of commandLine.match(URL_IN_TEXT) ?? []) {
      const link = findLink(links, text)
      if (link)
        yield* opened(
          link,
          event,
          fromClient ? FROM_CLIENT : BY_BROWSER,
          fromClient ? 'mail_client' : 'browser',
          { client: last(parentPath), browser: last(processPath) },
        )
    }
  }
}

const FIELDS = ['url', 'referrer', 'outcome'] as const

function* byRecord(view: CorrelationView, links: ReadonlyMap<string, BookEntity>): Generator<RelationDraft> {
  for (const event of view.events(['url-click', 'file-stream', 'file-create'], FIELDS)) {
    // A click that the product blocked opened nothing.
    if (event.kind === 'url-click' && event.fields.outcome === 'failure') continue
    for (const text of [event.fields.url, event.fields.referrer]) {
      const link = text === undefined ? undefined : findLink(links, text)
      if (link)
        yield* opened(
          link,
          event,
          event.kind === 'url-click' ? BY_CLICK_LOG : BY_MARK,
          event.kind === 'url-click' ? 'click_log' : 'mark',
          {},
        )
    }
  }
}

/** First contact of a recipient's endpoint with the host of a link, after delivery. */
function* byContact(view: CorrelationView): Generator<RelationDraft> {
  const contacts = new Map<string, Map<number, ViewEvent[]>>()
  for (const event of view.events(
    ['dns-query', 'network-connection'],
    ['processPath', 'target', 'destinationHost'],
  )) {
    if (event.endpointId === null || event.at === null) continue
    const host = (
      event.kind === 'dns-query' ? event.fields.target : event.fields.destinationHost
    )?.toLowerCase()
    if (host === undefined) continue
    const endpoints = contacts.get(host) ?? new Map<number, ViewEvent[]>()
    contacts.set(host, endpoints)
    const list = endpoints.get(event.endpointId)
    if (list) list.push(event)
    else endpoints.set(event.endpointId, [event])
  }
  for (const [userId, received] of new Recipients(view).byUser) {
    const places = view.sessions.endpointsOf(userId).filter((place) => place.interactive)
    for (const { copy, deliveredAt } of received) {
      if (deliveredAt === null) continue
      for (const link of copy.urls) {
        const endpoints = contacts.get(link.host)
        if (!endpoints || endpoints.size > POPULAR_ENDPOINTS) continue
        for (const place of places) {
          // On a machine of many, only what ran as this user speaks for this user.
          const first = endpoints
            .get(place.endpointId)
            ?.find((event) => event.userId === null || event.userId === userId)
          if (!first || first.at === null || first.at < deliveredAt || first.at - deliveredAt > WINDOW_US)
            continue
          const browser = last(first.fields.processPath)
          const minutes = Math.round((first.at - deliveredAt) / 60e6)
          const known = isBrowser(first.fields.processPath) || isMailClient(first.fields.processPath)
          if (browser !== '' && !known) continue
          yield* opened(
            link.entity,
            { ...first, userId },
            known ? BY_HOST : BY_HOST - 0.15,
            known ? 'host' : 'host_only',
            { browser, host: link.host, minutes },
          )
        }
      }
    }
  }
}
