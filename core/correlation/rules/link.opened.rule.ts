import { exampleMessage, exampleUser } from '../example-mail.ts'
import { exampleEvent } from '../example.ts'
import { openedLinks } from '../link-evidence.ts'
import type { Rule } from '../rule.ts'

const rule: Rule = {
  id: 'link.opened',
  order: 41,
  relations: ['clicked-by', 'opened-on', 'downloaded-to', 'links-to'],
  attack: ['T1204.001', 'T1566.002'],
  texts: {
    en: {
      title: 'Link opened',
      description:
        'A link of a message was opened: the browser was started with it (by the mail client or otherwise), a click log, a web proxy or a download mark names it, or a recipient’s browser contacted its host soon after delivery. What was opened before the first delivery is left out. A file whose download mark names the link as the page it was loaded from is joined to it.',
      needs:
        'Mail metadata with links; process starts with command lines, click logs, proxy logs, download marks, or DNS, TLS and network events; users tied to mailboxes and endpoints.',
      falsePositives:
        'Link scanners and previews open links too. Contact with the host alone may come from another page of the same site.',
      'reason.mail_client': '{client} started {browser} with this link.',
      'reason.browser': '{browser} was started with this link.',
      'reason.click_log': 'A click log names this link.',
      'reason.by_message':
        'A click log names the message, and {count} link of it that can be meant ({host}). | A click log names the message, and {count} links of it that can be meant ({host}).',
      'reason.host_of_message': 'A click log names a link of this message to {host}, without its address.',
      'reason.click_of_message':
        'A click log names the message and the host {host}; the address itself is not recorded.',
      'reason.mark': 'A downloaded file names this link as its origin.',
      'reason.mark_page': 'The download mark of the file names this link as the page it was loaded from.',
      'reason.request': 'A web request for exactly this link was recorded.',
      'reason.request_referrer': 'A web request names this link as the page it came from.',
      'reason.stranger': 'This link was opened by somebody who is not known to have received it.',
      'reason.host':
        '{browser} contacted {host} {minutes} min after delivery; nobody contacted it there before.',
      'reason.host_only':
        'The endpoint contacted {host} {minutes} min after delivery; nobody contacted it there before.',
    },
    'zh-TW': {
      title: '開啟連結',
      description:
        '郵件中的連結遭開啟：瀏覽器以該連結啟動（由郵件用戶端或其他方式）、點擊記錄、網路代理伺服器或下載標記載明該連結，或收件者的瀏覽器在送達後不久連線至其主機。首次送達之前的開啟不計。檔案的下載標記若載明該連結為來源頁面，則將兩者相連。',
      needs:
        '含連結的郵件中繼資料；含命令列的處理程序啟動、點擊記錄、代理伺服器記錄、下載標記，或 DNS、TLS 與網路事件；使用者與信箱、端點的對應。',
      falsePositives: '連結掃描與預覽也會開啟連結。僅連線至該主機，可能只是瀏覽同一網站的其他頁面。',
      'reason.mail_client': '{client} 以此連結啟動了 {browser}。',
      'reason.browser': '{browser} 以此連結啟動。',
      'reason.click_log': '點擊記錄載明此連結。',
      'reason.by_message': '點擊記錄載明該郵件，其中可能所指的連結有 {count} 個（{host}）。',
      'reason.host_of_message': '點擊記錄載明此郵件有指向 {host} 的連結，但未記錄位址。',
      'reason.click_of_message': '點擊記錄載明該郵件與主機 {host}，但未記錄位址本身。',
      'reason.mark': '下載的檔案載明此連結為其來源。',
      'reason.mark_page': '檔案的下載標記載明此連結為下載時的來源頁面。',
      'reason.request': '紀錄中有對此連結的網頁要求。',
      'reason.request_referrer': '網頁要求載明其來源頁面為此連結。',
      'reason.stranger': '開啟此連結的人，並非已知的收件者。',
      'reason.host': '{browser} 在送達後 {minutes} 分鐘連線至 {host}，在此之前該端點從未連線。',
      'reason.host_only': '端點在送達後 {minutes} 分鐘連線至 {host}，在此之前從未連線。',
    },
    ja: {
      title: '開かれたリンク',
      description:
        'メールのリンクが開かれました。ブラウザーがそのリンクで起動された（メールクライアントなどから）、クリックログ・Web プロキシ・ダウンロードの印に記録がある、または配信後まもなく受信者のブラウザーがホストに接続しています。最初の配信より前に開かれたものは除きます。ダウンロードの印がそのリンクを参照元のページとするファイルは、リンクに結び付けます。',
      needs:
        'リンクを含むメールのメタデータ、コマンドライン付きのプロセス起動、クリックログ、プロキシログ、ダウンロードの印、または DNS・TLS・ネットワークイベント、ユーザーとメールボックス・エンドポイントの対応。',
      falsePositives:
        'リンクスキャナーやプレビューもリンクを開きます。ホストへの接続だけでは、同じサイトの別ページの可能性があります。',
      'reason.mail_client': '{client} がこのリンクで {browser} を起動しました。',
      'reason.browser': '{browser} がこのリンクで起動されました。',
      'reason.click_log': 'クリックログにこのリンクが記録されています。',
      'reason.by_message':
        'クリックログにメッセージが記録されており、該当しうるリンクは {count} 件です（{host}）。',
      'reason.host_of_message':
        'クリックログに、このメッセージから {host} へのリンクがあると記されています（アドレスはなし）。',
      'reason.click_of_message':
        'クリックログにメッセージとホスト {host} が記されています。アドレス自体の記録はありません。',
      'reason.mark': 'ダウンロードされたファイルの入手元がこのリンクです。',
      'reason.mark_page': 'ファイルのダウンロードの印に、参照元のページとしてこのリンクが記されています。',
      'reason.request': 'このリンクそのものへの Web リクエストが記録されています。',
      'reason.request_referrer': 'Web リクエストの参照元がこのリンクです。',
      'reason.stranger': 'このリンクを開いたのは、受信が確認されていない人です。',
      'reason.host':
        '配信の {minutes} 分後に {browser} が {host} に接続しました。それ以前の接続はありません。',
      'reason.host_only':
        '配信の {minutes} 分後にエンドポイントが {host} に接続しました。それ以前の接続はありません。',
    },
  },
  matches: [
    {
      title: 'a click log that names the message and the host alone',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, { mailbox: 'amber@corp.example' }),
        exampleEvent('url-click', 600, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          messageId: 'm1@out.example',
          detail: 'links: jobs.example',
        }),
      ],
      finds: ['links-to: Invoice -> jobs.example', 'clicked-by: jobs.example -> amber'],
    },
    {
      title: 'the same, where the mail itself tells the address',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [
            { url: 'https://jobs.example/task?id=1', where: 'body' },
            { url: 'https://other.example/a', where: 'body' },
          ],
        }),
        exampleEvent('url-click', 600, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          messageId: 'm1@out.example',
          detail: 'links: jobs.example',
        }),
      ],
      finds: ['clicked-by: https://jobs.example/task?id=1 -> amber'],
    },
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
      title: 'a file loaded from the page behind the link, from another address',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleEvent('file-stream', 90, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\x\\chrome.exe',
          target: 'C:\\Users\\amber\\Downloads\\bill.iso:Zone.Identifier',
          url: 'https://files.example.net/bill.iso',
          referrer: 'https://out.example/a',
        }),
      ],
      finds: [
        'clicked-by: https://out.example/a -> amber',
        'opened-on: https://out.example/a -> WS-01',
        'downloaded-to: https://out.example/a -> bill.iso',
      ],
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
    {
      title: 'a proxy names the user, another one only the address of the machine, a sensor the server name',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('logon', -3600, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          logonType: 2,
          hostIp: '10.0.0.5',
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [
            { url: 'https://out.example/a', where: 'body' },
            { url: 'http://second.example/b', where: 'body' },
            { url: 'https://rare.example/c', where: 'body' },
          ],
        }),
        exampleEvent('http-request', 60, {
          host: undefined,
          account: 'amber@corp.example',
          accountMail: 'amber@corp.example',
          sourceIp: '198.51.100.7',
          url: 'https://out.example/a',
        }),
        exampleEvent('http-request', 90, {
          host: undefined,
          sourceIp: '10.0.0.5',
          url: 'http://second.example/b',
        }),
        exampleEvent('tls-connection', 120, {
          host: undefined,
          sourceIp: '10.0.0.5',
          destinationHost: 'rare.example',
        }),
      ],
      finds: [
        'clicked-by: https://out.example/a -> amber',
        'opened-on: http://second.example/b -> WS-01',
        'clicked-by: http://second.example/b -> amber',
        'opened-on: https://rare.example/c -> WS-01',
      ],
    },
    {
      title: 'a colleague who never got it asks for exactly the link',
      items: [
        exampleUser('amber', 1105),
        exampleUser('ben', 1106),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/pay?id=4471', where: 'body' }],
        }),
        exampleEvent('http-request', 600, {
          account: 'CORP\\ben',
          accountSid: 'S-1-5-21-1-2-3-1106',
          url: 'https://out.example/pay?id=4471',
          processPath: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
          action: 'outbound',
        }),
      ],
      finds: [
        'clicked-by: https://out.example/pay?id=4471 -> ben',
        'opened-on: https://out.example/pay?id=4471 -> WS-01',
      ],
    },
  ],
  ignores: [
    {
      title:
        'opened half an hour before the message came, a preview of the link, and a request that was stopped',
      items: [
        exampleUser('amber', 1105),
        exampleEvent('process-start', -1800, {
          account: 'CORP\\amber',
          accountSid: 'S-1-5-21-1-2-3-1105',
          processPath: 'C:\\x\\msedge.exe',
          commandLine: 'msedge.exe --single-argument https://out.example/a',
        }),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        exampleEvent('http-request', 5, {
          host: undefined,
          url: 'https://out.example/a',
          sourceIp: '10.0.0.5',
          account: 'CORP\\amber',
          userAgent: 'Mozilla/5.0 (compatible; BingPreview/1.0b)',
        }),
        exampleEvent('http-request', 60, {
          host: undefined,
          account: 'CORP\\amber',
          url: 'https://out.example/a',
          outcome: 'failure',
        }),
      ],
      finds: [],
    },
    {
      title: 'a file loaded from that page before the message came, and from a page no message links to',
      items: [
        exampleUser('amber', 1105),
        exampleMessage(0, {
          mailbox: 'amber@corp.example',
          urls: [{ url: 'https://out.example/a', where: 'body' }],
        }),
        ...[[-3600, 'https://out.example/a'] as const, [90, 'https://news.example/'] as const].map(
          ([at, referrer]) =>
            exampleEvent('file-stream', at, {
              account: 'CORP\\amber',
              target: 'C:\\Users\\amber\\Downloads\\bill.iso:Zone.Identifier',
              url: 'https://files.example.net/bill.iso',
              referrer,
            }),
        ),
      ],
      finds: [],
    },
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

  run: (view) => openedLinks(view),
}
export default rule
