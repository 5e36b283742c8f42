import type { Importer } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, readJsonRecords } from './json/json-records.ts'

/** The last resort for JSON: objects of any product, kept whole, with the few facts that have well-known names. */
const importer: Importer = {
  id: 'json-lines',
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      title: 'JSON records (any product)',
      description:
        'One JSON object per line, or an array of objects. Time, computer, user and addresses are taken from well-known names; everything stays searchable.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'JSON 記錄（任何產品）',
      description:
        '每行一個 JSON 物件，或物件陣列。時間、電腦、使用者與位址取自常見的欄位名稱，所有內容皆可搜尋。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      title: 'JSON レコード（製品を問わない）',
      description:
        '1 行に 1 つの JSON オブジェクト、またはオブジェクトの配列。日時、コンピューター、ユーザー、アドレスは一般的な項目名から読み取り、内容はすべて検索できます。',
    },
  },
  detect({ text }) {
    return /^\s*[[{]/.test(text) && firstObjects(text, 1).length > 0 ? 0.2 : 0
  },
  async *parse(part, { zone }) {
    yield* readJsonRecords(part.open(), 'json-lines', (object) => ({ items: [toGenericEvent(object, zone)] }))
  },
}
export default importer
