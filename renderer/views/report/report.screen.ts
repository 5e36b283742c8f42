import { FileText } from '@lucide/vue'
import type { Screen } from '../screen.ts'
import ReportScreen from './report-screen.vue'

export default {
  id: 'report',
  order: 100,
  icon: FileText,
  component: ReportScreen,
  shortcut: 'p',
  texts: {
    en: {
      handOver: 'Hand over',
      target: 'To',
      left: 'Left out: {what}',
      live: 'Addresses that can be followed (noted in the audit log)',
      isLive: 'For a program: addresses stand in it as they are.',
      planTarget: 'Remediation plan: {title}',
      planOnly: 'Approved steps of the plan; decide about them under Reputation.',
      write: 'Write the file',
      handedOver: 'Wrote {path} ({rows} rows, {size}), SHA-256 {sha256}.',
    },
    'zh-TW': {
      handOver: '移交',
      target: '目標',
      left: '不包含：{what}',
      live: '網址可直接開啟（會記入稽核記錄）',
      isLive: '供程式使用：網址維持原樣。',
      planTarget: '補救計畫：{title}',
      planOnly: '計畫中已核准的步驟；請於「信譽」畫面決定。',
      write: '寫出檔案',
      handedOver: '已寫出 {path}（{rows} 列，{size}），SHA-256 {sha256}。',
    },
    ja: {
      handOver: '引き渡し',
      target: '出力先',
      left: '含まれないもの: {what}',
      live: '開ける形の URL (監査ログに残ります)',
      isLive: 'プログラム向け: URL はそのまま含まれます。',
      planTarget: '対処計画: {title}',
      planOnly: '計画の承認済みの手順です。承認はレピュテーション画面で行います。',
      write: 'ファイルを書き出す',
      handedOver: '{path} を書き出しました ({rows} 行、{size})、SHA-256 {sha256}。',
    },
  },
} satisfies Screen
