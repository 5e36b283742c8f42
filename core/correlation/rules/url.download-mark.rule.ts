import { fileOn, proofOf, urlEntity } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { splitStream } from '../file-names.ts'
import type { Rule } from '../rule.ts'

/** The browser itself wrote the address down; a program could forge it, nothing else is left open. */
const WRITTEN_BY_DOWNLOADER = 0.97

const rule: Rule = {
  id: 'url.download-mark',
  order: 26,
  scope: 'endpoint',
  relations: ['downloaded-to'],
  attack: ['T1105', 'T1204.002'],
  texts: {
    en: {
      title: 'Download marks',
      description:
        'Browsers and mail programs note beside a saved file where it came from (Zone.Identifier, "mark of the web"). That address is joined to the file.',
      needs:
        'Stream records with their content (Sysmon 15), or file records of an endpoint product that name the origin.',
      falsePositives:
        'The address may be that of a redirector or a content network; programs can write any address they like.',
      'reason.mark': 'The download mark of the file names this address.',
      'reason.mark_referrer':
        'The download mark of the file names this address, reached from the page {referrer}.',
    },
    'zh-TW': {
      title: '下載標記',
      description:
        '瀏覽器與郵件程式會在儲存的檔案旁註記其來源（Zone.Identifier，即「網路標記」），據此將來源位址與檔案相連。',
      needs: '含內容的資料流紀錄（Sysmon 15），或載明來源的端點產品檔案紀錄。',
      falsePositives: '該位址可能是轉址服務或內容傳遞網路；程式也可能任意寫入位址。',
      'reason.mark': '檔案的下載標記記載此位址。',
      'reason.mark_referrer': '檔案的下載標記記載此位址，來源頁面為 {referrer}。',
    },
    ja: {
      title: 'ダウンロードの印',
      description:
        'ブラウザーやメールソフトは、保存したファイルに入手元を書き添えます（Zone.Identifier、いわゆる Mark of the Web）。そのアドレスをファイルに結び付けます。',
      needs: '内容を含むストリームの記録（Sysmon 15）、または入手元を示すエンドポイント製品のファイル記録。',
      falsePositives:
        'アドレスがリダイレクターや配信ネットワークのものであることがあります。プログラムは任意のアドレスを書き込めます。',
      'reason.mark': 'ファイルのダウンロードの印にこのアドレスが記されています。',
      'reason.mark_referrer':
        'ファイルのダウンロードの印にこのアドレスが記されており、参照元のページは {referrer} です。',
    },
  },
  matches: [
    {
      title: 'a downloaded archive with its page',
      items: [
        exampleEvent('file-stream', 0, {
          processPath: 'C:\\Program Files\\Edge\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\invoice.zip:Zone.Identifier',
          url: 'https://files.example.net/invoice.zip',
          referrer: 'https://files.example.net/share',
        }),
      ],
      finds: ['downloaded-to: https://files.example.net/invoice.zip -> invoice.zip'],
    },
    {
      title: 'a new file whose record names its origin, as endpoint products write it',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Program Files\\Edge\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\tool.iso',
          url: 'https://files.example.net/tool.iso',
        }),
      ],
      finds: ['downloaded-to: https://files.example.net/tool.iso -> tool.iso'],
    },
  ],
  ignores: [
    {
      title: 'a mark without address, and one that names a local file',
      items: [
        exampleEvent('file-stream', 0, { target: 'C:\\Users\\amber\\Downloads\\a.docx:Zone.Identifier' }),
        exampleEvent('file-stream', 1, {
          target: 'C:\\Users\\amber\\b.docx:Zone.Identifier',
          url: 'C:\\Users\\amber\\b.zip',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    for (const event of view.events(
      ['file-stream', 'file-create', 'file-rename', 'file-modify'],
      ['target', 'url', 'referrer', 'action'],
    )) {
      const { target, url, referrer, action } = event.fields
      if (event.endpointId === null || target === undefined || url === undefined || action === 'blocked')
        continue
      const from = urlEntity(url)
      if (!from) continue
      const to = fileOn(view.entity(event.endpointId), splitStream(target).path)
      const base = {
        kind: 'downloaded-to' as const,
        from,
        to,
        at: event.at,
        confidence: WRITTEN_BY_DOWNLOADER,
        proof: proofOf(event),
      }
      if (referrer === undefined) yield { ...base, reason: 'mark' }
      else yield { ...base, reason: 'mark_referrer', params: { referrer } }
    }
  },
}
export default rule
