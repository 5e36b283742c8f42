import { baseName } from '../../normalise/path.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import { isLsass, judgeLsassAccess, judgeReportedAccess } from '../lsass-access.ts'
import { suspicionOf } from '../outside.ts'
import type { DetectionDraft, Find, RelationDraft, Rule } from '../rule.ts'
import type { DetectionLevel } from '../../model/detection.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

const LSASS = 'C:\\Windows\\System32\\lsass.exe'
/** A thread put into lsass.exe serves nothing harmless, but some protection products do it. */
const BY_THREAD = 0.85
/** The name of a dump is chosen freely; this one is the habit of tools and of Task Manager. */
const BY_DUMP_FILE = 0.85
const DUMP_FILE = /lsass[^\\]*\.(?:dmp|mdmp|zip|bin|dump)$|\\(?:minidump|dumpert|sqldmpr\d+)\.(?:dmp|mdmp)$/i

const rule: Rule = {
  id: 'credentials.lsass',
  order: 33,
  scope: 'endpoint',
  relations: ['accessed-credentials'],
  detections: ['credential-memory'],
  attack: ['T1003.001'],
  texts: {
    en: {
      title: 'Access to the memory of lsass.exe',
      description:
        'A process opened lsass.exe, which keeps the credentials of all logged-on users, with the right to read or change its memory, put a thread into it, or wrote a dump of it. Known parts of Windows and installed protection products are left out, unless the call came from memory outside all modules.',
      needs: 'Sysmon 8, 10 and 11, or Security 4656 and 4663 with auditing of lsass.exe.',
      falsePositives:
        'Protection, monitoring and backup products that are not known to this rule; administrators who analyse crashes.',
      'detection.credential-memory': 'Memory of lsass.exe reached into',
      'reason.reported_read': 'The sensor recorded that the process read the memory of lsass.exe.',
      'reason.reported_inject': 'The sensor recorded that the process wrote into lsass.exe.',
      'reason.read': 'The process opened lsass.exe with the right to read its memory (access {mask}).',
      'reason.dump':
        'The process opened lsass.exe for reading (access {mask}) through a library that writes memory dumps.',
      'reason.inject':
        'The process opened lsass.exe with the rights to write into it and to start threads there (access {mask}).',
      'reason.thread': 'The process started a thread inside lsass.exe.',
      'reason.dump_file': 'The process wrote the file {file}, named like a memory dump of lsass.exe.',
    },
    'zh-TW': {
      title: '存取 lsass.exe 記憶體',
      description:
        'lsass.exe 保存所有已登入使用者的認證。某處理程序以可讀取或變更其記憶體的權限開啟它、在其中建立執行緒，或寫出其記憶體傾印。已知的 Windows 元件與已安裝的防護產品會略過，但呼叫若來自不屬於任何模組的記憶體則不略過。',
      needs: 'Sysmon 8、10 與 11，或已稽核 lsass.exe 的安全性 4656 與 4663。',
      falsePositives: '本規則未知的防護、監控與備份產品；分析當機的系統管理員。',
      'detection.credential-memory': '存取 lsass.exe 的記憶體',
      'reason.reported_read': '感測器記錄該處理程序讀取了 lsass.exe 的記憶體。',
      'reason.reported_inject': '感測器記錄該處理程序寫入了 lsass.exe。',
      'reason.read': '處理程序以可讀取記憶體的權限開啟 lsass.exe（存取權 {mask}）。',
      'reason.dump': '處理程序透過可寫出記憶體傾印的程式庫開啟 lsass.exe 進行讀取（存取權 {mask}）。',
      'reason.inject': '處理程序以可寫入並建立執行緒的權限開啟 lsass.exe（存取權 {mask}）。',
      'reason.thread': '處理程序在 lsass.exe 中建立了執行緒。',
      'reason.dump_file': '處理程序寫入檔案 {file}，其名稱形似 lsass.exe 的記憶體傾印。',
    },
    ja: {
      title: 'lsass.exe のメモリへのアクセス',
      description:
        'lsass.exe はログオン中の全ユーザーの資格情報を保持しています。プロセスがそのメモリを読み取りまたは変更できる権限で開いた、スレッドを作成した、あるいはダンプを書き出したことを示します。既知の Windows の構成要素とインストール済みの保護製品は除きますが、どのモジュールにも属さないメモリからの呼び出しは除きません。',
      needs: 'Sysmon 8、10、11、または lsass.exe の監査を有効にしたセキュリティ 4656・4663。',
      falsePositives: 'このルールが知らない保護・監視・バックアップ製品、クラッシュを調査する管理者。',
      'detection.credential-memory': 'lsass.exe のメモリへのアクセス',
      'reason.reported_read': 'センサーは、プロセスが lsass.exe のメモリを読み取ったことを記録しました。',
      'reason.reported_inject': 'センサーは、プロセスが lsass.exe に書き込んだことを記録しました。',
      'reason.read': 'プロセスがメモリの読み取り権限（アクセス {mask}）で lsass.exe を開きました。',
      'reason.dump':
        'プロセスが、メモリダンプを書き出すライブラリ経由で lsass.exe を読み取り用に開きました（アクセス {mask}）。',
      'reason.inject':
        'プロセスが、書き込みとスレッド作成の権限（アクセス {mask}）で lsass.exe を開きました。',
      'reason.thread': 'プロセスが lsass.exe の中にスレッドを作成しました。',
      'reason.dump_file':
        'プロセスが、lsass.exe のメモリダンプのような名前のファイル {file} を書き込みました。',
    },
  },
  matches: [
    {
      title: 'a program reads the memory of lsass.exe; another one writes a dump',
      items: [
        exampleEvent('process-access', 0, {
          processPath: 'C:\\ProgramData\\a.exe',
          processGuid: exampleGuid(1),
          target: LSASS,
          targetGuid: exampleGuid(2),
          status: '0x1410',
        }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\Windows\\System32\\Taskmgr.exe',
          pid: 6,
          target: 'C:\\Users\\amber\\AppData\\Local\\Temp\\lsass.DMP',
        }),
      ],
      finds: [
        'accessed-credentials: a.exe -> lsass.exe',
        'accessed-credentials: Taskmgr.exe -> WS-01',
        '!credential-memory: Taskmgr.exe',
      ],
    },
    {
      title: 'a part of Windows that calls from memory outside all modules',
      items: [
        exampleEvent('process-access', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 9,
          target: LSASS,
          targetPid: 700,
          status: '0x1010',
          detail: 'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+9d234|UNKNOWN(000001F2A4B10F3C)',
        }),
      ],
      finds: ['accessed-credentials: svchost.exe -> lsass.exe'],
    },
  ],
  ignores: [
    {
      title: 'known callers, rights that read nothing, and other targets',
      items: [
        exampleEvent('process-access', 0, {
          processPath: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
          pid: 5,
          target: LSASS,
          status: '0x1410',
        }),
        exampleEvent('process-access', 1, {
          processPath: 'C:\\ProgramData\\Microsoft\\Windows Defender\\Platform\\4.18.1\\MsMpEng.exe',
          pid: 6,
          target: LSASS,
          status: '0x1fffff',
        }),
        exampleEvent('process-access', 2, {
          processPath: 'C:\\Tools\\monitor.exe',
          pid: 7,
          target: LSASS,
          status: '0x1000',
        }),
        exampleEvent('process-access', 3, {
          processPath: 'C:\\ProgramData\\a.exe',
          pid: 8,
          target: 'C:\\Windows\\explorer.exe',
          status: '0x1fffff',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    const fields = [
      'processPath',
      'pid',
      'processGuid',
      'target',
      'targetPid',
      'targetGuid',
      'status',
      'detail',
      'action',
    ] as const
    for (const event of view.events(
      ['process-access', 'object-access', 'remote-thread', 'file-create'],
      fields,
    )) {
      if (event.endpointId === null || event.fields.target === undefined) continue
      const found =
        event.kind === 'file-create'
          ? dumpFile(view, event, event.endpointId, event.fields.target)
          : isLsass(event.fields.target)
            ? access(view, event)
            : []
      for (const relation of found) yield* told(relation, event.endpointId)
    }
  },
}
export default rule

/** A dump, a foreign caller or a thread weighs more than a handle that a monitor may hold. */
const SURE = 0.85
const LIKELY = 0.7

/** Tools of Microsoft that show all processes to administrators; thieves may take their names. */
const SHOWS_PROCESSES = /\\(?:procmon|procexp|taskmgr|perfview|vmmap|processhacker)(?:64a?)?\.exe$/i
/** What procdump and the debugger ask for; a mask of thieves is narrower. */
const FULL_ACCESS = /^0x1f[0-9a-f]ff$/i

/** A sure sign is high, a likely one medium: higher for a narrow mask of a program from nowhere, lower for known viewers. */
function levelOf(relation: RelationDraft, path: string): DetectionLevel {
  if (relation.confidence >= SURE) return 'high'
  if (relation.reason !== 'read' && relation.reason !== 'reported_read') return 'medium'
  if (SHOWS_PROCESSES.test(path)) return 'low'
  const isNarrow = !FULL_ACCESS.test(String(relation.params?.['mask'] ?? ''))
  return isNarrow && relation.confidence >= 0.8 && suspicionOf(path) !== 'none' ? 'high' : 'medium'
}

function* told(relation: RelationDraft, endpointId: number): Generator<Find> {
  yield relation
  if (relation.confidence < LIKELY) return
  const { path = '' } = typeof relation.from === 'number' ? {} : (relation.from.attributes ?? {})
  const level = levelOf(relation, String(path))
  const detection: DetectionDraft = {
    detection: 'credential-memory',
    level,
    subject: relation.from,
    involved: [endpointId],
    at: relation.at,
    confidence: relation.confidence,
    reason: relation.reason,
    ...(relation.params === undefined ? {} : { params: relation.params }),
    proof: relation.proof,
  }
  yield detection
}

function* access(view: CorrelationView, event: ViewEvent): Generator<RelationDraft> {
  const { processPath = '', status, detail = '', action } = event.fields
  const isThread = event.kind === 'remote-thread'
  const reported = isThread || status !== undefined ? undefined : judgeReportedAccess(processPath, action)
  const found = reported ?? (isThread ? undefined : judgeLsassAccess(processPath, status, detail))
  if (
    !found &&
    (event.kind !== 'remote-thread' || judgeLsassAccess(processPath, '0x1fffff', detail) === undefined)
  )
    return
  const from = view.processes.actorOf(event)
  const to = from && view.processes.targetOf(event)
  if (!from || !to) return
  const base = {
    kind: 'accessed-credentials' as const,
    from: from.draft,
    to: to.draft,
    at: event.at,
    proof: proofOf(event),
  }
  if (!found) yield { ...base, confidence: BY_THREAD, reason: 'thread' }
  else if (reported) yield { ...base, confidence: found.confidence, reason: `reported_${found.access}` }
  else yield { ...base, confidence: found.confidence, reason: found.access, params: { mask: status ?? '?' } }
}

function* dumpFile(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  path: string,
): Generator<RelationDraft> {
  if (event.fields.action === 'blocked' || !DUMP_FILE.test(path)) return
  const process = view.processes.actorOf(event)
  if (!process) return
  const params = { file: baseName(path) }
  yield {
    kind: 'accessed-credentials',
    from: process.draft,
    to: endpointId,
    at: event.at,
    confidence: BY_DUMP_FILE,
    reason: 'dump_file',
    params,
    proof: proofOf(event),
  }
}
