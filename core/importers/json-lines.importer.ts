import type { Importer } from './importer.ts'
import { toGenericEvent } from './json/generic-event.ts'
import { JSON_ISSUE_TEXTS } from './json/issue-texts.ts'
import { firstObjects, type JsonMeaning, readJsonRecords } from './json/json-records.ts'
import type { JsonObject } from './json/parse-object.ts'

/** The last resort for JSON: objects of any product, kept whole, with the few facts that have well-known names. */
const importer: Importer = {
  id: 'json-lines',
  isOfOneEndpoint: true,
  texts: {
    en: {
      ...JSON_ISSUE_TEXTS.en,
      title: 'JSON records (any product)',
      description:
        'One JSON object per line, or an array of objects. Time, computer, user and addresses are taken from well-known names; everything stays searchable.',
      limits:
        'Only names that many products share are understood, and only the first value found under them. Every record is a generic event. Objects that nest records inside (a whole answer of a service as one object) are one record. Records have no identity, so overlapping exports are stored twice; a mapping or the importer of the product does better.',
    },
    'zh-TW': {
      ...JSON_ISSUE_TEXTS['zh-TW'],
      title: 'JSON 紀錄（任何產品）',
      description:
        '每行一個 JSON 物件，或物件陣列。時間、電腦、使用者與位址取自常見的欄位名稱，所有內容皆可搜尋。',
      limits:
        '只認得許多產品共用的欄位名稱，且各取第一個找到的值。每筆紀錄都是一般事件。內含多筆紀錄的物件（例如整份服務回應為單一物件）視為一筆。紀錄沒有身分識別，重疊的匯出會重複儲存；改用欄位對應或該產品專用的匯入器效果更好。',
    },
    ja: {
      ...JSON_ISSUE_TEXTS.ja,
      title: 'JSON レコード（製品を問わない）',
      description:
        '1 行に 1 つの JSON オブジェクト、またはオブジェクトの配列。日時、コンピューター、ユーザー、アドレスは一般的な項目名から読み取り、内容はすべて検索できます。',
      limits:
        '多くの製品に共通する項目名だけを認識し、それぞれ最初に見つかった値を使います。すべて一般のイベントになります。中に複数のレコードを含むオブジェクト（サービスの応答全体が 1 つのオブジェクトの場合など）は 1 件として扱います。レコードに識別子がないため、重なる出力は二重に保存されます。マッピングや製品専用のインポーターを使うほうが適切です。',
    },
  },
  detect({ text }) {
    return /^\s*[[{]/.test(text) && firstObjects(text, 1).length > 0 ? 0.2 : 0
  },
  async *parse(part, { zone }, share) {
    const mean = (object: JsonObject): JsonMeaning => ({ items: [toGenericEvent(object, zone)] })
    yield* readJsonRecords(part.open(), 'json-lines', mean, share)
  },
  sharing: {},
}
export default importer
