import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { changedNames, HOMES, isFullPath } from '../changed-names.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent, exampleGuid } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Name and place stand in the record of the start. */
const BY_PLACE = 0.95
/** The version resource of the file says what it was called; it can be forged, but nobody forges it to a tool. */
const BY_RESOURCE = 0.9
/** The sensor's id of a process is given once; what it calls itself is its own word. */
const BY_ID = 0.9
/** The parent is the record's word; a missed start may name a wrong one. */
const BY_PARENT = 0.8

/** Programs that every Windows has exactly one place for: a second one elsewhere is a disguise. */
const CORE = new Set(
  'svchost lsass csrss services smss wininit winlogon spoolsv lsaiso taskhostw taskhost dwm sihost userinit logonui wmiprvse fontdrvhost'.split(
    ' ',
  ),
)
/** Programs that are sometimes copied or shipped on purpose. */
const COMMON = new Set(
  'explorer dllhost conhost rundll32 regsvr32 runtimebroker searchindexer ctfmon werfault cmd powershell mshta wscript cscript certutil schtasks'.split(
    ' ',
  ),
)
/** Which parents start the core of Windows. */
const PARENTS: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  [
    'svchost.exe',
    new Set([
      'services.exe',
      'msmpeng.exe',
      'mrt.exe',
      'svchost.exe',
      'ngentask.exe',
      'rpcnet.exe',
      'sihost.exe',
    ]),
  ],
  ['lsass.exe', new Set(['wininit.exe', 'smss.exe', 'winlogon.exe'])],
  ['services.exe', new Set(['wininit.exe', 'smss.exe', 'winlogon.exe'])],
  ['lsaiso.exe', new Set(['wininit.exe'])],
  ['wininit.exe', new Set(['smss.exe'])],
  ['spoolsv.exe', new Set(['services.exe'])],
  ['taskhostw.exe', new Set(['svchost.exe', 'services.exe'])],
])
/** Tools whose use under another name hides them, by the name in their version resource. */
const TOOLS = new Set(
  'powershell.exe pwsh.dll cmd.exe certutil.exe mshta.exe regsvr32.exe rundll32.exe wscript.exe cscript.exe bitsadmin.exe msbuild.exe installutil.exe cmstp.exe wmic.exe schtasks.exe sc.exe net.exe net1.exe vssadmin.exe wevtutil.exe ntdsutil.exe reg.exe mavinject.exe procdump psexec.c psexec.exe psexesvc.exe paexec.exe csexec.exe remcom.exe adfind.exe rclone.exe plink mimikatz.exe nircmd.exe autoit3.exe ngrok.exe cloudflared.exe rar.exe winrar.exe 7z.exe 7za.exe curl.exe sdelete.exe pskill.exe psloglist.exe'.split(
    ' ',
  ),
)

const rule: Rule = {
  id: 'process.masquerade',
  order: 36,
  relations: [],
  detections: ['wrong_place', 'wrong_parent', 'renamed', 'changed_name'],
  scope: 'endpoint',
  attack: ['T1036.003', 'T1036.005', 'T1036.009'],
  texts: {
    en: {
      title: 'Programs in disguise',
      description:
        'A program carries the name of a part of Windows but runs from another folder, a part of Windows was started by a parent that never starts it, a tool runs under another name than the one in its version resource, or a running program begins to call itself a part of Windows.',
      needs:
        'Process start records with paths; original names come with Sysmon 10.41 and later or an endpoint sensor; a changed name shows in records of access (Sysmon 8, 10).',
      falsePositives:
        'Containers, backup images and Windows updates carry copies of system programs; their places are known and left out. Administrators rename PsExec or 7-Zip now and then.',
      'detection.wrong_place': 'A program with the name of a part of Windows ran from elsewhere',
      'detection.wrong_parent': 'A part of Windows was started by the wrong parent',
      'detection.renamed': 'A tool ran under another name',
      'detection.changed_name': 'A running program called itself a part of Windows',
      'reason.name':
        'The process with the sensor’s id {id} was {program} ({before}); later records of the same process call it {name}.',
      'reason.place': '{program} is a part of Windows, but this one ran from {folder}.',
      'reason.parent': '{program} was started by {parent}; Windows itself never does that.',
      'reason.resource': 'The version resource of {program} says that it is {original}.',
    },
    'zh-TW': {
      title: '偽裝的程式',
      description:
        '程式使用 Windows 元件的名稱卻從其他資料夾執行、Windows 元件由不可能啟動它的父處理程序啟動，工具以不同於其版本資源的名稱執行，或執行中的程式開始自稱為 Windows 元件。',
      needs:
        '含路徑的處理程序啟動紀錄；原始檔名需 Sysmon 10.41 以上版本或端點感測器；名稱的改變見於存取紀錄（Sysmon 8、10）。',
      falsePositives:
        '容器、備份映像與 Windows 更新會帶有系統程式的複本，已知位置均已略過。管理員偶爾會將 PsExec 或 7-Zip 改名。',
      'detection.wrong_place': '與 Windows 元件同名的程式從其他位置執行',
      'detection.wrong_parent': 'Windows 元件由錯誤的父處理程序啟動',
      'detection.renamed': '工具以其他名稱執行',
      'detection.changed_name': '執行中的程式自稱為 Windows 元件',
      'reason.name':
        '感測器識別碼為 {id} 的處理程序原為 {program}（{before}）；同一處理程序之後的紀錄卻稱其為 {name}。',
      'reason.place': '{program} 是 Windows 元件，但此程式是從 {folder} 執行的。',
      'reason.parent': '{program} 由 {parent} 啟動；Windows 本身不會這樣做。',
      'reason.resource': '{program} 的版本資源顯示它其實是 {original}。',
    },
    ja: {
      title: '偽装されたプログラム',
      description:
        'Windows の構成要素と同じ名前のプログラムが別のフォルダーから実行された、Windows の構成要素が本来ありえない親から起動された、ツールがバージョンリソースとは異なる名前で実行された、または実行中のプログラムが Windows の構成要素を名乗り始めたことを示します。',
      needs:
        'パスを含むプロセス起動の記録。元のファイル名は Sysmon 10.41 以降またはエンドポイントセンサーが必要です。名前の変化はアクセスの記録（Sysmon 8、10）に現れます。',
      falsePositives:
        'コンテナー、バックアップイメージ、Windows 更新はシステムプログラムのコピーを含みます（既知の場所は除外）。管理者が PsExec や 7-Zip の名前を変えることもあります。',
      'detection.wrong_place': 'Windows の構成要素と同名のプログラムが別の場所から実行された',
      'detection.wrong_parent': 'Windows の構成要素が誤った親から起動された',
      'detection.renamed': 'ツールが別の名前で実行された',
      'detection.changed_name': '実行中のプログラムが Windows の構成要素を名乗った',
      'reason.name':
        'センサーの ID {id} のプロセスは {program}（{before}）でしたが、同じプロセスの後の記録では {name} となっています。',
      'reason.place': '{program} は Windows の構成要素ですが、これは {folder} から実行されました。',
      'reason.parent': '{program} が {parent} から起動されました。Windows 自身がそうすることはありません。',
      'reason.resource': '{program} のバージョンリソースによると、実体は {original} です。',
    },
  },
  matches: [
    {
      title: 'svchost out of a user folder, services.exe as a child of a tool, and a renamed PowerShell',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Users\\amber\\AppData\\Roaming\\svchost.exe',
          pid: 5,
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\services.exe',
          pid: 6,
          parentPid: 99,
          parentPath: 'C:\\Users\\amber\\Desktop\\dump.exe',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\ProgramData\\lumen.exe',
          pid: 7,
          originalName: 'PowerShell.EXE',
        }),
      ],
      finds: ['!wrong_place: svchost.exe', '!wrong_parent: services.exe', '!renamed: lumen.exe'],
    },
    {
      title: 'a program that takes the name of Explorer while it runs, to be trusted by Windows',
      items: [
        exampleEvent('process-access', 0, {
          processPath: 'C:\\Users\\amber\\Downloads\\lift.exe',
          processGuid: exampleGuid(1),
          pid: 5,
          target: 'C:\\Windows\\System32\\cmd.exe',
          targetGuid: exampleGuid(2),
          targetPid: 6,
        }),
        exampleEvent('process-access', 1, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          processGuid: exampleGuid(3),
          pid: 7,
          target: 'C:\\Windows\\explorer.exe',
          targetGuid: exampleGuid(1),
          targetPid: 5,
        }),
      ],
      finds: ['!changed_name: lift.exe'],
    },
  ],
  ignores: [
    {
      title:
        'the id of a process that ended beside the program that got its PID, and a late record of another name',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Program Files\\Vendor\\browser.exe',
          processGuid: exampleGuid(1),
          pid: 5,
        }),
        exampleEvent('process-end', 1, {
          processPath: 'C:\\Program Files\\Vendor\\browser.exe',
          processGuid: exampleGuid(1),
          pid: 5,
        }),
        exampleEvent('process-access', 2, {
          processPath: 'C:\\Windows\\System32\\csrss.exe',
          processGuid: exampleGuid(2),
          pid: 6,
          target: 'C:\\Windows\\System32\\wermgr.exe',
          targetGuid: exampleGuid(1),
          targetPid: 5,
        }),
        exampleEvent('process-access', 20, {
          processPath: 'C:\\Users\\amber\\Downloads\\setup.tmp',
          processGuid: exampleGuid(3),
          pid: 7,
          target: 'C:\\Tools\\a.exe',
          targetGuid: exampleGuid(4),
          targetPid: 8,
        }),
        exampleEvent('process-access', 60, {
          processPath: 'C:\\Windows\\System32\\wermgr.exe',
          processGuid: exampleGuid(3),
          pid: 7,
          target: 'C:\\Tools\\b.exe',
          targetGuid: exampleGuid(5),
          targetPid: 9,
        }),
      ],
      finds: [],
    },
    {
      title:
        'a program that is moved while it runs, two programs that had one PID, and a part of Windows throughout',
      items: [
        exampleEvent('process-access', 0, {
          processPath: 'C:\\Users\\amber\\Downloads\\setup.tmp',
          processGuid: exampleGuid(1),
          pid: 5,
          target: 'C:\\Windows\\explorer.exe',
          targetGuid: exampleGuid(2),
          targetPid: 6,
        }),
        exampleEvent('process-access', 1, {
          processPath: 'C:\\Program Files\\Vendor\\setup.exe',
          processGuid: exampleGuid(1),
          pid: 5,
          target: 'C:\\WINDOWS\\Explorer.EXE',
          targetGuid: exampleGuid(2),
          targetPid: 6,
        }),
        exampleEvent('process-access', 900, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          processGuid: exampleGuid(3),
          pid: 5,
          target: 'C:\\Windows\\explorer.exe',
          targetGuid: exampleGuid(2),
          targetPid: 6,
        }),
      ],
      finds: [],
    },
    {
      title: 'parts of Windows in their places, also on 32 bits and in an update, and honest version names',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 5,
          parentPid: 4,
          parentPath: 'C:\\Windows\\System32\\services.exe',
        }),
        exampleEvent('process-start', 1, { processPath: 'C:\\Windows\\SysWOW64\\rundll32.exe', pid: 6 }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\WinSxS\\amd64_microsoft-windows-explorer_1\\explorer.exe',
          pid: 7,
        }),
        exampleEvent('process-start', 3, { processPath: 'C:\\Windows\\explorer.exe', pid: 8 }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Tools\\procdump64.exe',
          pid: 9,
          originalName: 'procdump',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\gpresult.exe',
          pid: 10,
          originalName: 'gprslt.exe',
        }),
        exampleEvent('process-start', 6, {
          processPath: 'C:\\Windows\\System32\\svchost.exe',
          pid: 11,
          parentPath: '?',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const originals = new Map<number, string>()
    for (const event of view.events(['process-start'], ['originalName']))
      if (TOOLS.has(event.fields.originalName?.toLowerCase() ?? ''))
        originals.set(event.id, event.fields.originalName ?? '')
    for (const process of view.processes.started) {
      if (!process.event || process.path === '') continue
      const events = [process.event, ...process.alsoStartedBy]
      const original = events.map((event) => originals.get(event.id)).find((name) => name !== undefined)
      yield* judge(view, process, process.event, original)
    }
    for (const { subject, endpointId, id, before, name, event } of changedNames(view))
      yield {
        detection: 'changed_name',
        level: 'high',
        subject,
        involved: [endpointId],
        at: event.at,
        confidence: BY_ID,
        reason: 'name',
        params: { id, program: baseName(before), before, name },
        proof: proofOf(event),
      }
  },
}
export default rule

function* judge(
  view: CorrelationView,
  process: ProcessFact,
  event: ViewEvent,
  original: string | undefined,
): Generator<Find> {
  const name = baseName(process.path).toLowerCase()
  const stem = name.replace(/\.exe$/, '')
  const found = (
    detection: string,
    level: DetectionLevel,
    confidence: number,
    reason: string,
    params: Record<string, string>,
  ): Find => ({
    detection,
    level,
    subject: process.draft,
    involved: [process.endpointId],
    at: process.startAt,
    confidence,
    reason,
    params: { program: process.draft.name, ...params },
    proof: proofOf(event),
  })
  const isNamed = CORE.has(stem) || COMMON.has(stem)
  if (isNamed && name.endsWith('.exe') && isFullPath(process.path) && !HOMES.test(process.path)) {
    const folder = process.path.slice(0, -name.length)
    yield found('wrong_place', CORE.has(stem) ? 'critical' : 'high', BY_PLACE, 'place', { folder })
    return
  }
  const parent = baseName(event.fields.parentPath ?? '')
  const allowed = PARENTS.get(name)
  // Sysmon writes a question mark, other logs nothing, where the parent was gone already.
  if (allowed && parent !== '' && parent !== '?' && parent !== '-' && !allowed.has(parent.toLowerCase()))
    yield found('wrong_parent', 'high', BY_PARENT, 'parent', { parent })
  if (original !== undefined && isRenamed(name, original.toLowerCase()))
    yield found('renamed', 'high', BY_RESOURCE, 'resource', { original })
}

/** Whether one of {@link TOOLS} runs under a name that is not its own (`procdump64.exe` and `psexec64.exe` are). */
function isRenamed(name: string, original: string): boolean {
  const plain = (text: string): string => text.replace(/\.(?:exe|c|dll)$/, '').replace(/(?:64|32)a?$/, '')
  const own = plain(name)
  const real = plain(original)
  // One build goes by several names of its product.
  return (
    own !== real &&
    !own.startsWith(real) &&
    !(real === 'rar' && own === 'winrar') &&
    !(real === 'powershell' && own === 'powershell_ise')
  )
}
