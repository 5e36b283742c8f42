import { baseName } from '../../normalise/path.ts'
import { isLsass } from '../lsass-access.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { placeOf } from '../hiding-places.ts'
import { judgeRights, judgeThread } from '../injection-signs.ts'
import type { ProcessFact } from '../process-index.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Run-time compilers: their code lies in memory of no module, and that is how they work. */
const COMPILES =
  /(?:\.ni\.dll|clr(?:jit)?\.dll|mscor\w*\.dll|system\.[\w.]*dll|jvm\.dll|v8\.dll|libnode|libcef|python\d*\.dll|lua\d*\.dll)/i
const COMPILING =
  /\\(?:java|javaw|javaws|node|electron|code|chrome|msedge|firefox|brave|opera|teams|ms-teams|slack|python|pythonw|ruby|pwsh|powershell_ise|dotnet|wsmprovhost|devenv|unity|godot)\.exe$/i
/** Programs that replace parts of themselves while they start, by their own sandbox. */
const SELF_CHANGING =
  /\\(?:chrome|msedge|msedgewebview2|firefox|brave|opera|vivaldi|teams|ms-teams|slack|discord|code|onedrive|outlook|setup|update\w*|installer)\.exe$/i

const rule: Rule = {
  id: 'process.injected',
  order: 35,
  relations: ['injected-into'],
  detections: ['injection', 'unbacked_start', 'tampered'],
  scope: 'endpoint',
  attack: ['T1055', 'T1055.001', 'T1055.002', 'T1055.012'],
  texts: {
    en: {
      title: 'Code injected into other processes',
      description:
        'A process started a thread in another one, or opened it with all rights that writing and running code there needs. Windows itself, sensors, debuggers and a process opening its own child are left out.',
      needs:
        'Sysmon 8 (thread in another process), 10 (access, configured for more than lsass.exe) and 25 (changed image), or the export of an endpoint sensor.',
      falsePositives:
        'Debuggers, accessibility and overlay tools, game protection and sensors that are not known here do the same. Rights alone say what was possible, not what was done.',
      'detection.injection': 'Code injected into another process',
      'detection.unbacked_start': 'A process was started by code in memory of no module',
      'detection.tampered': 'The image of a process was replaced in memory',
      'reason.unbacked_start':
        '{source} started {target} from memory that belongs to no module: code that was unpacked or injected there.',
      'reason.foreign_code':
        '{source} started a thread in {target} that begins in memory of no module: code that was written there.',
      'reason.library': '{source} made {target} load a library by a thread started from outside.',
      'reason.thread': '{source}, from a folder where users can write, started a thread in {target}.',
      'reason.thread_installed': '{source} started a thread in {target}.',
      'reason.memory': '{source} changed the memory of {target}, as its sensor recorded ({action}).',
      'reason.rights': '{source} opened {target} with rights to write memory and start threads ({rights}).',
      'reason.rights_unbacked':
        '{source} opened {target} with rights to write memory and start threads ({rights}); the call came from memory of no module.',
      'reason.tampered': 'The image of {source} in memory is not that of its file ({action}).',
    },
    'zh-TW': {
      title: '注入其他處理程序的程式碼',
      description:
        '處理程序在另一個處理程序中啟動執行緒，或以寫入並執行程式碼所需的全部權限將其開啟。略過 Windows 本身、感測器、偵錯工具，以及處理程序開啟自己的子處理程序。',
      needs:
        'Sysmon 8（在其他處理程序中建立執行緒）、10（存取處理程序，且設定範圍不限於 lsass.exe）與 25（映像遭變更），或端點感測器的匯出資料。',
      falsePositives:
        '偵錯工具、協助工具、遊戲內覆疊與防作弊程式，以及未列入的感測器也會這樣做。僅有權限只表示可能，不代表已經發生。',
      'detection.injection': '程式碼被注入其他處理程序',
      'detection.unbacked_start': '由不屬於任何模組的記憶體中的程式碼啟動處理程序',
      'detection.tampered': '處理程序的映像在記憶體中遭置換',
      'reason.unbacked_start':
        '{source} 從不屬於任何模組的記憶體啟動了 {target}，即解開或注入到該處的程式碼。',
      'reason.foreign_code':
        '{source} 在 {target} 中啟動的執行緒始於不屬於任何模組的記憶體，即被寫入的程式碼。',
      'reason.library': '{source} 透過外部啟動的執行緒讓 {target} 載入程式庫。',
      'reason.thread': '{source}（位於使用者可寫入的資料夾）在 {target} 中啟動了執行緒。',
      'reason.thread_installed': '{source} 在 {target} 中啟動了執行緒。',
      'reason.memory': '感測器記錄 {source} 變更了 {target} 的記憶體（{action}）。',
      'reason.rights': '{source} 以可寫入記憶體並啟動執行緒的權限開啟 {target}（{rights}）。',
      'reason.rights_unbacked':
        '{source} 以可寫入記憶體並啟動執行緒的權限開啟 {target}（{rights}），且呼叫來自不屬於任何模組的記憶體。',
      'reason.tampered': '{source} 在記憶體中的映像與其檔案不符（{action}）。',
    },
    ja: {
      title: '他のプロセスへのコード注入',
      description:
        'プロセスが別のプロセスの中でスレッドを開始したか、コードの書き込みと実行に必要な権限をすべて付けて開きました。Windows 自身、センサー、デバッガー、自分の子プロセスを開く場合は除きます。',
      needs:
        'Sysmon 8（他プロセスでのスレッド作成）、10（lsass.exe 以外も対象とするプロセスアクセス）、25（イメージの改変）、またはエンドポイントセンサーのエクスポート。',
      falsePositives:
        'デバッガー、アクセシビリティや画面オーバーレイのツール、ゲームの不正対策、ここに挙げていないセンサーも同じことをします。権限だけでは、可能だったことしか分かりません。',
      'detection.injection': '他のプロセスへのコード注入',
      'detection.unbacked_start': 'どのモジュールにも属さないメモリのコードがプロセスを起動した',
      'detection.tampered': 'プロセスのイメージがメモリ上で置き換えられた',
      'reason.unbacked_start':
        '{source} は、どのモジュールにも属さないメモリから {target} を起動しました。そこに展開または注入されたコードです。',
      'reason.foreign_code':
        '{source} が {target} で開始したスレッドは、どのモジュールにも属さないメモリから始まっています。書き込まれたコードです。',
      'reason.library':
        '{source} が外部から開始したスレッドにより、{target} にライブラリを読み込ませました。',
      'reason.thread': 'ユーザーが書き込めるフォルダーの {source} が、{target} でスレッドを開始しました。',
      'reason.thread_installed': '{source} が {target} でスレッドを開始しました。',
      'reason.memory': '{source} が {target} のメモリを変更したと、センサーが記録しています（{action}）。',
      'reason.rights':
        '{source} が、メモリの書き込みとスレッド開始の権限で {target} を開きました（{rights}）。',
      'reason.rights_unbacked':
        '{source} が、メモリの書き込みとスレッド開始の権限で {target} を開きました（{rights}）。呼び出しはどのモジュールにも属さないメモリからです。',
      'reason.tampered': '{source} のメモリ上のイメージがファイルの内容と一致しません（{action}）。',
    },
  },
  matches: [
    {
      title: 'a thread in memory of no module, a library by thread, and rights asked for out of such memory',
      items: [
        exampleEvent('remote-thread', 0, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\a.exe',
          pid: 5,
          target: 'C:\\Windows\\explorer.exe',
          targetPid: 6,
          detail: 'StartAddress: 0x000001F0AB120000; NewThreadId: 91',
        }),
        exampleEvent('remote-thread', 1, {
          processPath: 'C:\\ProgramData\\Vendor\\b.exe',
          pid: 7,
          target: 'C:\\Windows\\System32\\notepad.exe',
          targetPid: 8,
          detail:
            'StartAddress: 0x00007FFB; StartModule: C:\\Windows\\System32\\KERNEL32.DLL; StartFunction: LoadLibraryW; NewThreadId: 92',
        }),
        exampleEvent('process-access', 2, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 9,
          target: 'C:\\Windows\\System32\\svchost.exe',
          targetPid: 10,
          status: '0x1fffff',
          detail: 'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+9c534|UNKNOWN(000001F0AB12)',
        }),
      ],
      finds: [
        'injected-into: a.exe -> explorer.exe',
        'injected-into: b.exe -> notepad.exe',
        'injected-into: rundll32.exe -> svchost.exe',
        '!injection: a.exe',
        '!injection: b.exe',
        '!injection: rundll32.exe',
      ],
    },
    {
      title: 'a loader starts a shell from its own unpacked code',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 20,
          parentPid: 19,
          parentPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\a.exe',
        }),
        exampleEvent('process-access', 0.1, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\a.exe',
          pid: 19,
          target: 'C:\\Windows\\System32\\cmd.exe',
          targetPid: 20,
          status: '0x1fffff',
          detail:
            'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+9d8a4|C:\\Windows\\System32\\KERNELBASE.dll+8e73|C:\\Windows\\System32\\KERNEL32.DLL+1cbb4|UNKNOWN(000000000263BE50)',
        }),
      ],
      finds: ['!unbacked_start: a.exe'],
    },
    {
      title: 'a replaced image',
      items: [
        exampleEvent('process-tamper', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 5,
          action: 'Image is replaced',
        }),
      ],
      finds: ['!tampered: svchost.exe'],
    },
  ],
  ignores: [
    {
      title: 'console signals, a debugger, a parent with all rights over its child, and monitoring',
      items: [
        exampleEvent('remote-thread', 0, {
          processPath: 'C:\\Windows\\System32\\csrss.exe',
          pid: 5,
          target: 'C:\\Tools\\strings.exe',
          targetPid: 6,
          detail: 'StartAddress: 0x7612ABC0; StartModule: C:\\Windows\\System32\\KERNELBASE.dll',
        }),
        exampleEvent('remote-thread', 1, {
          processPath: 'C:\\Tools\\x64dbg\\x64dbg.exe',
          pid: 7,
          target: 'C:\\Tools\\a.exe',
          targetPid: 8,
          detail:
            'StartAddress: 0x1; StartModule: C:\\Windows\\System32\\ntdll.dll; StartFunction: DbgUiRemoteBreakin',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 20,
          parentPid: 19,
          parentPath: 'C:\\Users\\amber\\Downloads\\setup.exe',
        }),
        exampleEvent('process-access', 2.1, {
          processPath: 'C:\\Users\\amber\\Downloads\\setup.exe',
          pid: 19,
          target: 'C:\\Windows\\System32\\cmd.exe',
          targetPid: 20,
          status: '0x1fffff',
        }),
        exampleEvent('process-start', 2.5, {
          processPath: 'C:\\Windows\\System32\\whoami.exe',
          pid: 30,
          parentPid: 29,
          parentPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
        }),
        exampleEvent('process-access', 2.6, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 29,
          target: 'C:\\Windows\\System32\\whoami.exe',
          targetPid: 30,
          status: '0x1fffff',
          detail:
            'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+9c534|C:\\Windows\\System32\\KERNELBASE.dll+8e73|C:\\Windows\\assembly\\System.Management.Automation.ni.dll+23ed|UNKNOWN(00007FF8E8AB)',
        }),
        exampleEvent('process-access', 3, {
          processPath: 'C:\\Windows\\System32\\wbem\\WmiPrvSE.exe',
          pid: 21,
          target: 'C:\\Windows\\explorer.exe',
          targetPid: 22,
          status: '0x1410',
        }),
        exampleEvent('process-access', 4, {
          processPath: 'C:\\Program Files\\Vendor\\agent.exe',
          pid: 23,
          target: 'C:\\Windows\\explorer.exe',
          targetPid: 22,
          status: '0x1fffff',
          detail:
            'CallTrace: C:\\Windows\\SYSTEM32\\ntdll.dll+9c534|C:\\Program Files\\Vendor\\agent.exe+1234',
        }),
        exampleEvent('process-tamper', 5, {
          processPath: 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
          pid: 24,
          action: 'Image is replaced',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const fields = [
      'processPath',
      'pid',
      'processGuid',
      'target',
      'targetPid',
      'targetGuid',
      'status',
      'action',
      'provider',
      'detail',
    ] as const
    for (const event of view.events(['remote-thread', 'process-access', 'process-tamper'], fields)) {
      if (event.endpointId === null || event.fields.action === 'blocked') continue
      if (event.kind === 'process-tamper' && event.fields.target === undefined)
        yield* tampered(view, event, event.endpointId)
      else yield* injected(view, event, event.endpointId)
    }
  },
}
export default rule

function* injected(view: CorrelationView, event: ViewEvent, endpointId: number): Generator<Find> {
  const { processPath = '', target, status, action } = event.fields
  // Reading the memory of lsass.exe is another matter: rules of credentials judge it.
  if (target === undefined || (event.kind === 'process-access' && isLsass(target))) return
  const judged = event.kind === 'remote-thread' ? judgeThread(event) : judgeRights(event)
  if (!judged) return
  const from = view.processes.actorOf(event)
  const to = view.processes.targetOf(event)
  if (!from || !to || from === to) return
  if (isOwnChild(view, from, to, event)) {
    yield* startedFromNowhere(event, endpointId, from, to)
    return
  }
  const params = {
    source: baseName(processPath) || from.draft.name,
    target: baseName(target),
    rights: status ?? '?',
    action: action ?? '?',
  }
  const base = {
    at: event.at,
    confidence: judged.confidence,
    reason: judged.reason,
    params,
    proof: proofOf(event),
  }
  yield { ...base, kind: 'injected-into', from: from.draft, to: to.draft }
  if (judged.isDetected)
    yield {
      ...base,
      detection: 'injection',
      level: judged.level,
      subject: from.draft,
      involved: [to.draft, endpointId],
    }
}

/** Whoever starts a process gets all rights over it: that is how Windows starts programs. */
function isOwnChild(view: CorrelationView, from: ProcessFact, to: ProcessFact, event: ViewEvent): boolean {
  if (event.kind !== 'process-access') return false
  const parent = to.event ? view.processes.parentOf(to.event) : undefined
  return parent === undefined
    ? to.event === null &&
        (event.fields.status ?? '').toLowerCase() === '0x1fffff' &&
        !/UNKNOWN\(/.test(event.fields.detail ?? '')
    : parent === from
}

/** A program whose code lies in memory of no module starts another: a loader, unless it compiles at run time. */
function* startedFromNowhere(
  event: ViewEvent,
  endpointId: number,
  from: ProcessFact,
  to: ProcessFact,
): Generator<Find> {
  const { detail = '', processPath = '', target = '' } = event.fields
  if (!/UNKNOWN\(/.test(detail) || COMPILES.test(detail) || COMPILING.test(processPath)) return
  // The call that starts a process goes through KERNELBASE; the frame that called it is the one that counts.
  if (!/KERNELBASE\.dll/i.test(detail)) return
  yield {
    detection: 'unbacked_start',
    level: 'high',
    subject: from.draft,
    involved: [to.draft, endpointId],
    at: event.at,
    confidence: placeOf(processPath) === 'system' ? 0.75 : 0.9,
    reason: 'unbacked_start',
    params: { source: from.draft.name, target: baseName(target) },
    proof: proofOf(event),
  }
}

function* tampered(view: CorrelationView, event: ViewEvent, endpointId: number): Generator<Find> {
  const { processPath = '', action } = event.fields
  const process = view.processes.actorOf(event)
  if (!process || SELF_CHANGING.test(processPath)) return
  const source = baseName(processPath) || process.draft.name
  yield {
    detection: 'tampered',
    level: placeOf(processPath) === 'user-installed' ? 'low' : 'high',
    subject: process.draft,
    involved: [endpointId],
    at: event.at,
    confidence: /replaced/i.test(action ?? '') ? 0.75 : 0.5,
    reason: 'tampered',
    params: { source, action: action ?? '?' },
    proof: proofOf(event),
  }
}
