import { fileOn, proofOf } from '../drafts.ts'
import { locationOf } from '../file-location.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { isFilePath, isInSystemFolder } from '../system-folders.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A GUID names the parent beyond doubt; what remains is a wrong or forged record. */
const BY_GUID = 0.98
/** PID and time name the parent unless the PID was reused within unrecorded starts. */
const BY_PID = 0.85
/** The parent's start was not recorded: its PID and path are the child's word alone, and a parent can be forged. */
const BY_MENTION = 0.75
const SAID = 0.98

const rule: Rule = {
  id: 'process.tree',
  order: 20,
  scope: 'endpoint',
  relations: ['spawned', 'ran-on', 'ran-as', 'executed-as', 'located-on'],
  attack: [],
  texts: {
    en: {
      title: 'Process tree',
      description:
        'Every recorded process start: which process started which, on which endpoint and under which account. The program file is joined to the process when it lies outside the folders of Windows and installed programs, or when a process wrote it before.',
      needs: 'Process start records: Sysmon 1, Security 4688, or the export of an endpoint sensor.',
      falsePositives:
        'Without process GUIDs, a reused process id can name the wrong parent. Programs may start others under a borrowed parent (parent process spoofing).',
      'reason.parent_guid': 'The record of the start names {parent} as parent, by its GUID.',
      'reason.parent_pid':
        'The record of the start names process id {pid} as parent; {parent} was running under it at that time.',
      'reason.parent_mention':
        'The record of the start names {parent} as parent; the start of the parent itself was not recorded.',
      'reason.host': 'The record of the start comes from this endpoint.',
      'reason.account': 'The record of the start names this account.',
      'reason.image':
        'The process was started from this file, which lies outside the folders of Windows and installed programs.',
      'reason.image_dropped': 'The process was started from this file, which a process had written before.',
      'reason.file_host': 'The file was run on this endpoint.',
      'reason.file_share': 'The path of the program names a share of this endpoint.',
    },
    'zh-TW': {
      title: '處理程序樹',
      description:
        '每一筆處理程序啟動紀錄：哪個處理程序啟動了哪個、在哪個端點、以哪個帳號執行。若程式檔位於 Windows 與已安裝程式的資料夾之外，或先前曾由某個處理程序寫入，則將該檔案與處理程序相連。',
      needs: '處理程序啟動紀錄：Sysmon 1、安全性 4688，或端點感測器的匯出資料。',
      falsePositives:
        '沒有處理程序 GUID 時，重複使用的 PID 可能指向錯誤的父處理程序。程式也可能冒用父處理程序來啟動其他程式（父處理程序偽造）。',
      'reason.parent_guid': '啟動紀錄以 GUID 指出父處理程序為 {parent}。',
      'reason.parent_pid': '啟動紀錄指出父處理程序的 PID 為 {pid}，當時以此 PID 執行的是 {parent}。',
      'reason.parent_mention': '啟動紀錄指出父處理程序為 {parent}，但沒有該父處理程序本身的啟動紀錄。',
      'reason.host': '啟動紀錄來自此端點。',
      'reason.account': '啟動紀錄記載此帳號。',
      'reason.image': '處理程序由此檔案啟動，而該檔案位於 Windows 與已安裝程式的資料夾之外。',
      'reason.image_dropped': '處理程序由此檔案啟動，而該檔案先前由某個處理程序寫入。',
      'reason.file_host': '此檔案曾在此端點上執行。',
      'reason.file_share': '程式路徑指向此端點的共用資料夾。',
    },
    ja: {
      title: 'プロセスツリー',
      description:
        '記録されたすべてのプロセス起動。どのプロセスがどのプロセスを、どのエンドポイントで、どのアカウントで起動したかを示します。プログラムファイルが Windows やインストール済みプログラムのフォルダーの外にある場合、または事前にプロセスによって書き込まれていた場合は、ファイルとプロセスを結び付けます。',
      needs:
        'プロセス起動の記録（Sysmon 1、セキュリティ 4688、またはエンドポイントセンサーのエクスポート）。',
      falsePositives:
        'プロセス GUID がない場合、再利用されたプロセス ID により親を取り違えることがあります。親プロセスを偽装して起動するプログラムもあります。',
      'reason.parent_guid': '起動の記録が、GUID により {parent} を親プロセスとして示しています。',
      'reason.parent_pid':
        '起動の記録が親のプロセス ID を {pid} としており、その時点では {parent} がその ID で動作していました。',
      'reason.parent_mention':
        '起動の記録が {parent} を親プロセスとしていますが、親プロセス自体の起動は記録されていません。',
      'reason.host': '起動の記録はこのエンドポイントのものです。',
      'reason.account': '起動の記録にこのアカウントが記されています。',
      'reason.image':
        'プロセスはこのファイルから起動されました。ファイルは Windows やインストール済みプログラムのフォルダーの外にあります。',
      'reason.image_dropped':
        'プロセスはこのファイルから起動されました。ファイルは事前に別のプロセスによって書き込まれていました。',
      'reason.file_host': 'このファイルはこのエンドポイントで実行されました。',
      'reason.file_share': 'プログラムのパスがこのエンドポイントの共有フォルダーを指しています。',
    },
  },
  matches: [
    {
      title: 'a program from the user profile, its parent known by GUID',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\explorer.exe',
          processGuid: exampleGuid(1),
          pid: 400,
          account: 'CORP\\amber',
        }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Users\\amber\\Downloads\\setup.exe',
          processGuid: exampleGuid(2),
          pid: 500,
          parentGuid: exampleGuid(1),
          parentPath: 'C:\\Windows\\explorer.exe',
          account: 'CORP\\amber',
        }),
      ],
      finds: [
        'spawned: explorer.exe -> setup.exe',
        'ran-on: setup.exe -> WS-01',
        'ran-as: setup.exe -> CORP\\amber',
        'executed-as: setup.exe -> setup.exe',
        'located-on: setup.exe -> WS-01',
      ],
    },
    {
      title: 'a parent known by process id, and a system-folder program written before it ran',
      items: [
        exampleEvent('process-start', 0, { processPath: 'C:\\Windows\\System32\\cmd.exe', pid: 700 }),
        exampleEvent('file-create', 5, { processPath: 'System', pid: 4, target: 'C:\\Windows\\hpsvc.exe' }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Windows\\hpsvc.exe',
          pid: 800,
          parentPid: 700,
          parentPath: 'C:\\Windows\\System32\\cmd.exe',
        }),
      ],
      finds: ['spawned: cmd.exe -> hpsvc.exe', 'executed-as: hpsvc.exe -> hpsvc.exe'],
    },
  ],
  ignores: [
    {
      title: 'a process end alone tells nothing of who started it',
      items: [exampleEvent('process-end', 0, { processPath: 'C:\\Windows\\System32\\cmd.exe', pid: 700 })],
      finds: [],
    },
  ],

  *run(view) {
    const dropped = droppedImages(view)
    for (const process of view.processes.started) {
      const { event } = process
      for (const own of event ? [event, ...process.alsoStartedBy] : process.alsoStartedBy) {
        yield {
          kind: 'ran-on',
          from: process.draft,
          to: process.endpointId,
          at: own.at,
          confidence: 0.99,
          reason: 'host',
          proof: proofOf(own),
        }
        if (own.userId !== null)
          yield {
            kind: 'ran-as',
            from: process.draft,
            to: own.userId,
            at: own.at,
            confidence: SAID,
            reason: 'account',
            proof: proofOf(own),
          }
        yield* parentOf(view, process, own)
      }
      if (event) yield* imageOf(view, process, event, dropped)
    }
  },
}
export default rule

function* parentOf(view: CorrelationView, process: ProcessFact, event: ViewEvent): Generator<RelationDraft> {
  // Another log may write a moment later, when the parent is gone: who it was is asked for the start itself.
  const parent = view.processes.parentOf({ ...event, at: process.startAt ?? event.at })
  if (!parent || parent === process) return
  const base = {
    kind: 'spawned' as const,
    from: parent.draft,
    to: process.draft,
    at: event.at,
    proof: proofOf(event),
  }
  const params = { parent: parent.draft.name }
  if (event.fields.parentGuid !== undefined && parent.guids.includes(event.fields.parentGuid))
    yield { ...base, confidence: BY_GUID, reason: 'parent_guid', params }
  else if (parent.event)
    yield { ...base, confidence: BY_PID, reason: 'parent_pid', params: { ...params, pid: parent.pid ?? 0 } }
  else yield { ...base, confidence: BY_MENTION, reason: 'parent_mention', params }
}

function* imageOf(
  view: CorrelationView,
  process: ProcessFact,
  event: ViewEvent,
  dropped: ReadonlyMap<string, number>,
): Generator<RelationDraft> {
  if (!isFilePath(process.path)) return
  const writtenAt = dropped.get(`${process.endpointId}|${process.path.toLowerCase()}`)
  const wasDropped = writtenAt !== undefined && event.at !== null && writtenAt <= event.at
  if (!wasDropped && isInSystemFolder(process.path)) return
  const file = fileOn(view.entity(process.endpointId), process.path, event.fields)
  const proof = proofOf(event)
  yield {
    kind: 'executed-as',
    from: file,
    to: process.draft,
    at: event.at,
    confidence: SAID,
    reason: wasDropped ? 'image_dropped' : 'image',
    proof,
  }
  const place = locationOf(view, process.endpointId, process.path)
  if (place)
    yield {
      kind: 'located-on',
      from: file,
      to: place.endpointId,
      at: event.at,
      confidence: SAID,
      reason: place.isShare ? 'file_share' : 'file_host',
      proof,
    }
}

/** Images of started processes that a file event says were written: endpoint|path -> first time. */
function droppedImages(view: CorrelationView): Map<string, number> {
  const images = new Set(
    view.processes.started.map((process) => `${process.endpointId}|${process.path.toLowerCase()}`),
  )
  const dropped = new Map<string, number>()
  for (const event of view.events(['file-create', 'file-stream'], ['target', 'action'])) {
    if (
      event.endpointId === null ||
      event.at === null ||
      event.fields.target === undefined ||
      event.fields.action === 'blocked'
    )
      continue
    const key = `${event.endpointId}|${event.fields.target.toLowerCase()}`
    if (images.has(key) && !dropped.has(key)) dropped.set(key, event.at)
  }
  return dropped
}
