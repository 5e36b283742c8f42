import type { DetectionLevel } from '../../model/detection.ts'
import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'

/** The endpoint recorded the share. */
const RECORDED = 0.9
/** A command asked for it; whether it came to be is another record's matter. */
const ORDERED = 0.8

const LOCAL_PATH = /ShareLocalPath:\s*([^;\r\n]+)/i
const COMMAND = /\bnet1?(?:\.exe)?["']?\s+share\s+["']?([^\s"'=]{1,80})=["']?([a-z]:[^"'\s/]{0,260})/i
const CMDLET =
  /\bnew-smbshare\b(?=.{0,300}-path\s+["']?([a-z]:[^"'\s]{0,260}))(?=.{0,300}-name\s+["']?([^\s"']{1,80}))/i
/** The whole of a drive, as Windows shares it for itself under `C$`. */
const DRIVE = /^(?:\\\\\?\\)?[a-z]:[\\/]*$/i
const SYSTEM =
  /^(?:\\\\\?\\)?[a-z]:[\\/]+(?:windows|users|program files(?: \(x86\))?|programdata)(?:[\\/]|$)/i
/** What Windows shares for itself when a printer is shared, and where domain controllers keep scripts. */
const PRINTERS = /[\\/]spool[\\/]drivers\b/i
const OWN = /[\\/](?:sysvol|ntds|clusterstorage|wsus)\b/i
/** Shares that Windows makes at its start. */
const STANDARD = /(?:^|\\)(?:[a-z]\$|admin\$|ipc\$|sysvol|netlogon)$/i

const rule: Rule = {
  id: 'endpoint.share-made',
  order: 38,
  relations: [],
  detections: ['drive-shared', 'system-folder-shared', 'printer-share'],
  scope: 'endpoint',
  attack: ['T1021.002', 'T1135', 'T1080'],
  texts: {
    en: {
      title: 'Drives and system folders shared',
      description:
        'Somebody shared a whole drive, or a folder of Windows, of programs or of all users: whoever has access reads and writes there from afar. The share for printer drivers is told as a weak sign: an intruder who sets up a printer server for drivers of his own makes it too.',
      needs: 'Security 5142 (file share auditing), or process start records with command lines.',
      falsePositives:
        'Backup and deployment software that shares a drive for a while; administrators who move data; every server that begins to share a printer (rated low).',
      'detection.drive-shared': 'A whole drive was shared',
      'detection.system-folder-shared': 'A folder of the system was shared',
      'detection.printer-share': 'The share for printer drivers was made',
      'reason.recorded': '{account} shared {path} as {share}.',
      'reason.ordered': '{program} was told to share {path} as {share}.',
    },
    'zh-TW': {
      title: '磁碟機與系統資料夾遭共用',
      description:
        '有人共用了整個磁碟機，或 Windows、程式、所有使用者的資料夾：有存取權者即可從遠端讀寫。印表機驅動程式的共用僅列為微弱跡象：架設印表機伺服器以散布自製驅動程式的入侵者也會建立它。',
      needs: '安全性 5142（檔案共用稽核），或含命令列的處理程序啟動紀錄。',
      falsePositives:
        '暫時共用磁碟機的備份與派送軟體；搬移資料的系統管理員；每台開始共用印表機的伺服器（等級低）。',
      'detection.drive-shared': '整個磁碟機遭共用',
      'detection.system-folder-shared': '系統資料夾遭共用',
      'detection.printer-share': '建立了印表機驅動程式的共用',
      'reason.recorded': '{account} 將 {path} 共用為 {share}。',
      'reason.ordered': '{program} 受命將 {path} 共用為 {share}。',
    },
    ja: {
      title: 'ドライブやシステムフォルダーの共有',
      description:
        'ドライブ全体、または Windows、プログラム、全ユーザーのフォルダーが共有されました。アクセス権を持つ者は遠隔から読み書きできます。プリンタードライバーの共有は弱い兆候として示します。自前のドライバーを配るためにプリントサーバーを立てる侵入者も作成するためです。',
      needs: 'セキュリティ 5142（ファイル共有の監査）、またはコマンドラインを含むプロセス起動の記録。',
      falsePositives:
        '一時的にドライブを共有するバックアップや配布のソフトウェア、データを移す管理者、プリンターの共有を始めたサーバー（低いレベル）。',
      'detection.drive-shared': 'ドライブ全体の共有',
      'detection.system-folder-shared': 'システムフォルダーの共有',
      'detection.printer-share': 'プリンタードライバーの共有の作成',
      'reason.recorded': '{account} が {path} を {share} として共有しました。',
      'reason.ordered': '{program} が、{path} を {share} として共有するよう命じられました。',
    },
  },
  matches: [
    {
      title: 'a drive shared by command, a folder of the system, and the share of printer drivers',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\net.exe',
          pid: 5,
          commandLine: 'net share all=C:\\ /grant:everyone,full',
        }),
        exampleEvent('share-change', 1, {
          account: 'CORP\\amber',
          target: '\\\\*\\PRINT',
          action: 'created',
          detail: 'ShareLocalPath: c:\\windows\\system32',
        }),
        exampleEvent('share-change', 2, {
          account: 'CORP\\WS-01$',
          target: '\\\\*\\print$',
          action: 'created',
          detail: 'ShareLocalPath: C:\\Windows\\system32\\spool\\drivers',
        }),
      ],
      finds: ['!drive-shared: WS-01', '!system-folder-shared: WS-01', '!printer-share: WS-01'],
    },
  ],
  ignores: [
    {
      title:
        'a folder for the team, what Windows shares for itself, a share that was removed, and a look at shares',
      items: [
        exampleEvent('share-change', 0, {
          target: '\\\\*\\Team',
          action: 'created',
          detail: 'ShareLocalPath: D:\\Team',
        }),
        exampleEvent('share-change', 1, {
          target: '\\\\*\\C$',
          action: 'created',
          detail: 'ShareLocalPath: C:\\',
        }),
        exampleEvent('share-change', 2, {
          target: '\\\\*\\all',
          action: 'deleted',
          detail: 'ShareLocalPath: C:\\',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\net.exe',
          pid: 6,
          commandLine: 'net share',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const event of view.events(['share-change'], ['account', 'target', 'action', 'detail'])) {
      const { account = '?', target = '?', action = '', detail = '' } = event.fields
      if (event.endpointId === null || !/creat/i.test(action) || STANDARD.test(target)) continue
      const path = LOCAL_PATH.exec(detail)?.[1]?.trim()
      const judged = path === undefined ? undefined : judge(path)
      if (path === undefined || !judged) continue
      yield {
        ...judged,
        subject: event.endpointId,
        involved: event.userId === null ? [] : [event.userId],
        window: `${dayOf(event.at)}|${target.toLowerCase()}`,
        at: event.at,
        confidence: RECORDED,
        reason: 'recorded',
        params: { account, share: target.replace(/^\\\\\*\\/, ''), path },
        proof: proofOf(event),
      }
    }
    for (const process of view.processes.started) {
      if (!process.event || /^(?:cmd|net1)\.exe$/i.test(process.draft.name)) continue
      const command = COMMAND.exec(process.commandLine)
      const cmdlet = command ? null : CMDLET.exec(process.commandLine)
      const [share, path] = command ? [command[1], command[2]] : [cmdlet?.[2], cmdlet?.[1]]
      const judged = path === undefined ? undefined : judge(path)
      if (share === undefined || path === undefined || !judged) continue
      yield {
        ...judged,
        subject: process.endpointId,
        involved: [process.draft],
        window: `${dayOf(process.startAt)}|${share.toLowerCase()}`,
        at: process.startAt,
        confidence: ORDERED,
        reason: 'ordered',
        params: { program: process.draft.name, share, path },
        proof: proofOf(process.event),
      }
    }
  },
}
export default rule

function judge(path: string): { readonly detection: string; readonly level: DetectionLevel } | undefined {
  if (DRIVE.test(path)) return { detection: 'drive-shared', level: 'medium' }
  if (PRINTERS.test(path)) return { detection: 'printer-share', level: 'low' }
  if (OWN.test(path)) return undefined
  return SYSTEM.test(path) ? { detection: 'system-folder-shared', level: 'medium' } : undefined
}
