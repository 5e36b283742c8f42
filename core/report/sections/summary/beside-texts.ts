import type { Texts } from '../../../model/text.ts'

const en = {
  'beside.credentials': 'Besides the path: {from} read credentials from {to} at {at}.',
  'beside.remote-execution':
    'From processes and endpoints of the path were also run, on other endpoints: {names}.',
  'beside.remote-logon': 'Logons also led from the path’s processes and endpoints to: {names}.',
  'beside.installed-service':
    '{count} service was installed by processes or on endpoints of the path. | {count} services were installed by processes or on endpoints of the path.',
  'beside.created-task':
    '{count} scheduled task was created by processes or on endpoints of the path. | {count} scheduled tasks were created by processes or on endpoints of the path.',
  'beside.wrote-registry':
    'Processes of the path wrote {count} registry key that starts programs. | Processes of the path wrote {count} registry keys that start programs.',
  'beside.connected-to': 'Processes of the path and what they started connected outside to: {names}.',
  'beside.moreNames': '{names} and {n} more',
  'beside.failed':
    'Attempt that failed: {count} logon as {account} from {source}, refused and recorded at {target}, at {at}. | Attempts that failed: {count} logons as {account} from {source}, refused and recorded at {target}, from {at}.',
  'beside.failedMore':
    '{count} more group of failed logons stands in the narrative. | {count} more groups of failed logons stand in the narrative.',
} as const

/** Sentences of the summary on what was done beside the path and tried in vain. */
export const summaryBesideTexts: Texts<keyof typeof en> = {
  en,
  'zh-TW': {
    'beside.credentials': '路徑之外：{at}，{from} 從 {to} 讀取認證。',
    'beside.remote-execution': '路徑上的處理程序或端點另執行了以下遠端程式：{names}。',
    'beside.remote-logon': '路徑上的處理程序或端點另登入至：{names}。',
    'beside.installed-service': '路徑上的處理程序或端點另安裝了 {count} 個服務。',
    'beside.created-task': '路徑上的處理程序或端點另建立了 {count} 個排程工作。',
    'beside.wrote-registry': '路徑上的處理程序寫入了 {count} 個會啟動程式的登錄機碼。',
    'beside.connected-to': '路徑上的處理程序及其啟動的程式曾對外連線至：{names}。',
    'beside.moreNames': '{names}，另有 {n} 個',
    'beside.failed':
      '失敗的嘗試：自 {at} 起，從 {source} 以 {account} 登入 {count} 次遭拒，記錄於 {target}。',
    'beside.failedMore': '另有 {count} 組登入失敗列於攻擊過程一節。',
  },
  ja: {
    'beside.credentials': '経路のほかに：{at}、{from} が {to} から資格情報を読み取りました。',
    'beside.remote-execution':
      '経路上のプロセスまたはエンドポイントから、ほかに遠隔で実行されたもの：{names}。',
    'beside.remote-logon': '経路上のプロセスまたはエンドポイントからの、ほかのログオン先：{names}。',
    'beside.installed-service':
      '経路上のプロセスにより、または経路上のエンドポイントで、ほかに {count} 個のサービスがインストールされました。',
    'beside.created-task':
      '経路上のプロセスにより、または経路上のエンドポイントで、ほかに {count} 個のスケジュールタスクが作成されました。',
    'beside.wrote-registry':
      '経路上のプロセスが、プログラムを起動するレジストリキー {count} 個に書き込みました。',
    'beside.connected-to': '経路上のプロセスとそれらが起動したプログラムの外部接続先：{names}。',
    'beside.moreNames': '{names}、他 {n} 件',
    'beside.failed':
      '失敗した試み：{at} から、{source} より {account} でのログオン {count} 回が拒否され、{target} に記録されています。',
    'beside.failedMore': 'ほか {count} 組のログオン失敗を「攻撃の経過」に示します。',
  },
}
