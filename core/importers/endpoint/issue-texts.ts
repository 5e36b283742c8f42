import type { Texts } from '../../model/text.ts'
import { JSON_ISSUE_TEXTS } from '../json/issue-texts.ts'

/** What can be wrong with JSON records of other products: that of any JSON, and impossible times. */
export const RECORD_ISSUE_TEXTS = {
  en: {
    ...JSON_ISSUE_TEXTS.en,
    'issue.time': 'The time of this record cannot be read or is impossible. The record is kept without it.',
  },
  'zh-TW': {
    ...JSON_ISSUE_TEXTS['zh-TW'],
    'issue.time': '這筆紀錄的時間無法讀取或不可能存在。紀錄已保留，但不採用該時間。',
  },
  ja: {
    ...JSON_ISSUE_TEXTS.ja,
    'issue.time':
      'このレコードの日時は読み取れないか、ありえない値です。その日時を使わずにレコードを保存しました。',
  },
} as const satisfies Texts
