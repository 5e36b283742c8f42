import type { Words } from '../model/words.ts'

/** Issues of archives, beside those each importer names itself. */
const words: Words = {
  prefix: 'importer.archive.issue',
  texts: {
    en: {
      too_many_members: 'The archive holds more members than are opened; the rest was left out',
      encrypted_member: 'A member is encrypted and was left out',
      unrecognised_member: 'No importer recognises this member; it was left out',
      broken_member: 'A member could not be read to its end; what was read is kept',
    },
    'zh-TW': {
      too_many_members: '壓縮檔成員數超過上限，其餘未開啟',
      encrypted_member: '成員已加密，未匯入',
      unrecognised_member: '沒有匯入器可辨識此成員，未匯入',
      broken_member: '成員無法讀取至結尾，已讀取的部分已保留',
    },
    ja: {
      too_many_members: 'アーカイブのメンバー数が上限を超えたため、残りは開いていません',
      encrypted_member: 'メンバーは暗号化されているため取り込んでいません',
      unrecognised_member: 'このメンバーを認識できるインポーターがないため取り込んでいません',
      broken_member: 'メンバーを最後まで読み取れませんでした。読み取れた部分は保持しています',
    },
  },
}
export default words
