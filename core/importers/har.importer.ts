import { type Envelope, firstRecords, readEnvelopedRecords } from './endpoint/envelope.ts'
import { RECORD_ISSUE_TEXTS } from './endpoint/issue-texts.ts'
import type { Importer } from './importer.ts'
import { isHarEntry, toHarRequest } from './proxy/har-entry.ts'

const ID = 'har'
const SAMPLED = 5
const ENVELOPE: Envelope = { arrays: new Set(['log.entries']), isRecord: isHarEntry }

/** Captures of requests with their answers, as browsers, mitmproxy, Fiddler and Charles write them (HAR 1.2). */
const importer: Importer = {
  id: ID,
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...RECORD_ISSUE_TEXTS.en,
      title: 'Captured requests (HAR)',
      description:
        'HTTP archives of browsers and of capturing proxies (mitmproxy, Fiddler, Charles, Burp): every request with address, method, status, server and referrer. Captured pages stay in the raw record, where the signs of untested URLs look at them.',
      limits:
        'The capture names no user and no machine. Of a page the first 512 KiB of its record are kept. WebSocket messages and timings are in the raw record only.',
    },
    'zh-TW': {
      ...RECORD_ISSUE_TEXTS['zh-TW'],
      title: '擷取的要求（HAR）',
      description:
        '瀏覽器與擷取代理（mitmproxy、Fiddler、Charles、Burp）的 HTTP 封存檔：每個要求的網址、方法、狀態、伺服器與參照來源。擷取到的頁面保留在原始紀錄中，供未經檢測 URL 的跡象分析檢視。',
      limits:
        '擷取內容未載明使用者與主機。每個頁面保留其紀錄的前 512 KiB。WebSocket 訊息與計時資料僅存於原始紀錄。',
    },
    ja: {
      ...RECORD_ISSUE_TEXTS.ja,
      title: 'キャプチャした要求（HAR）',
      description:
        'ブラウザーとキャプチャ用プロキシ（mitmproxy、Fiddler、Charles、Burp）の HTTP アーカイブ。要求ごとの URL、メソッド、ステータス、サーバー、参照元を読み取ります。キャプチャしたページは生レコードに残り、未評価 URL の兆候の分析が参照します。',
      limits:
        'キャプチャにはユーザーと端末の名前がありません。ページはレコードの先頭 512 KiB まで残ります。WebSocket のメッセージと所要時間は生レコードにのみ残ります。',
    },
  },
  detect({ text }) {
    if (!/^\s*\{/.test(text)) return 0
    if (firstRecords(text, ENVELOPE, SAMPLED).some(isHarEntry)) return 0.95
    // The first entry is longer than the sample: the names around it must do.
    return /"log"\s*:/.test(text) && /"entries"\s*:/.test(text) && /"startedDateTime"\s*:/.test(text)
      ? 0.9
      : 0
  },
  async *parse(part, context) {
    yield* readEnvelopedRecords(part.open(), ID, ENVELOPE, (object) => toHarRequest(object, ID, context))
  },
}
export default importer
