import { BUILT_IN_LANGUAGES, type Texts } from '../core/model/text.ts'

const WORDS = {
  en: {
    evidence: 'Add evidence files',
    evidenceFolder: 'Add evidence folders',
    caseOpen: 'Open case',
    caseCreate: 'New case',
    pack: 'Add pattern packs',
    packFolder: 'Add the folder of a MISP feed',
    indicators: 'Choose files of indicators',
    policy: 'Choose policy',
    key: 'Choose the private key',
    report: 'Save report',
    plan: 'Write the remediation plan',
    drafts: 'Write notification drafts',
    handover: 'Hand the case over',
  },
  'zh-TW': {
    evidence: '加入證據檔案',
    evidenceFolder: '加入證據資料夾',
    caseOpen: '開啟案件',
    caseCreate: '新增案件',
    pack: '加入特徵碼套件',
    packFolder: '加入 MISP feed 資料夾',
    indicators: '選擇指標檔案',
    policy: '選擇政策',
    key: '選擇私密金鑰',
    report: '儲存報告',
    plan: '輸出補救計畫',
    drafts: '輸出通知草稿',
    handover: '移交案件',
  },
  ja: {
    evidence: '証拠ファイルを追加',
    evidenceFolder: '証拠フォルダーを追加',
    caseOpen: 'ケースを開く',
    caseCreate: '新しいケース',
    pack: 'パターンパックを追加',
    packFolder: 'MISP フィードのフォルダーを追加',
    indicators: 'インジケーターのファイルを選択',
    policy: 'ポリシーを選択',
    key: '秘密鍵を選択',
    report: 'レポートを保存',
    plan: '対処計画を書き出す',
    drafts: '通知の下書きを書き出す',
    handover: 'ケースを引き渡す',
  },
} as const satisfies Texts

export type DialogWord = keyof typeof WORDS.en

/** Titles of the native dialogs, in the language of the system (the only words the desktop host says itself). */
export function dialogWords(language: string): Readonly<Record<DialogWord, string>> {
  const found = BUILT_IN_LANGUAGES.find((known) => language === known || language.split('-', 1)[0] === known)
  return WORDS[found ?? (/^zh-(hant|hk|mo)/i.test(language) ? 'zh-TW' : 'en')]
}
