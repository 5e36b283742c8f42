import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, EntityHandle, Rule } from '../rule.ts'
import { scriptProcess } from '../script-process.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A printer port whose name is the path of a library or program. */
const PORT = 0.85
/** The spooler was told to load a module out of the folder of drivers. */
const MODULE = 0.85
/** A library was put into the folder of drivers by another program than the spooler and the installers of Windows. */
const DROPPED = 0.75

/** A port that is a file: Windows writes what is printed to it, with the rights of the system. */
const FILE_PORT =
  /\badd-printerport\b[^\n;|]{0,200}?-name\s+["']?((?:[a-z]:|\.|\\\\[^\\\s]+)?\\?[^"'\s;|]{0,260}\.(?:dll|exe|sys|ocx|ps1|bat))\b/i
const PORTS_KEY = /\\windows nt\\currentversion\\ports\\(.+\.(?:dll|exe|sys|ocx))$/i
const COPY_FILES = /\\print\\printers\\[^\\]+\\copyfiles\\(?:.+\\)?module$/i
/** What Windows itself puts there for drivers that convert colours. */
const KNOWN_MODULE = /(?:^|\\)mscms\.dll$/i
const DRIVER_FOLDER = /\\spool\\drivers\\(?:x64|w32x86|arm64)\\\d\\[^\\]+\.dll$/i
const DRIVER_SETTERS =
  /(?:^|\\)(?:spoolsv|drvinst|printisolationhost|msiexec|trustedinstaller|tiworker|poqexec|setup|svchost|rundll32|pnputil|splwow64|system)(?:\.exe)?$/i

const rule: Rule = {
  id: 'privilege.spooler',
  order: 39,
  relations: [],
  detections: ['file-port', 'spooler-module', 'driver-dropped'],
  scope: 'endpoint',
  attack: ['T1068', 'T1547.012', 'T1574'],
  texts: {
    en: {
      title: 'The print spooler abused',
      description:
        'The spooler runs with the rights of the system and loads what it is told to: a printer port that is the path of a library lets it write that file; a module named in the settings of a printer, or a library put among the drivers, it runs itself.',
      needs: 'Script blocks (4104), registry and file records (Sysmon 11, 13), or command lines.',
      falsePositives:
        'Installers of printers other than those of Windows; virtual printers that print to a program (named ports that are programs are rare).',
      'detection.file-port': 'A printer port that is a program or library',
      'detection.spooler-module': 'The spooler was given a module to load',
      'detection.driver-dropped': 'A library was put among the printer drivers',
      'reason.file_port': 'On {host} a printer port was made that is the file {file}.',
      'reason.spooler_module': 'On {host} a printer has the module {file}; the spooler loads it.',
      'reason.driver_dropped': '{file} was written by a program that installs no printers.',
    },
    'zh-TW': {
      title: '列印多工緩衝處理器遭濫用',
      description:
        '列印多工緩衝處理器以系統權限執行，並會載入被指定的內容：名稱為程式庫路徑的印表機連接埠可讓它寫入該檔案；印表機設定中指定的模組，或放在驅動程式之中的程式庫，則會由它自行執行。',
      needs: '指令碼區塊（4104）、登錄與檔案紀錄（Sysmon 11、13），或命令列。',
      falsePositives: '非 Windows 內建的印表機安裝程式；列印至程式的虛擬印表機（以程式為名的連接埠很少見）。',
      'detection.file-port': '印表機連接埠為程式或程式庫',
      'detection.spooler-module': '列印多工緩衝處理器被指定載入模組',
      'detection.driver-dropped': '程式庫被放入印表機驅動程式之中',
      'reason.file_port': '{host} 上建立了名為檔案 {file} 的印表機連接埠。',
      'reason.spooler_module': '{host} 上的印表機設定了模組 {file}，列印多工緩衝處理器會載入它。',
      'reason.driver_dropped': '{file} 由不負責安裝印表機的程式寫入。',
    },
    ja: {
      title: '印刷スプーラーの悪用',
      description:
        'スプーラーはシステム権限で動作し、指定されたものを読み込みます。ライブラリのパスを名前に持つプリンターポートがあるとそのファイルに書き込み、プリンターの設定に書かれたモジュールやドライバーの間に置かれたライブラリは自ら実行します。',
      needs:
        'スクリプトブロック（4104）、レジストリとファイルの記録（Sysmon 11、13）、またはコマンドライン。',
      falsePositives:
        'Windows 以外のプリンターのインストーラー、プログラムへ印刷する仮想プリンター（プログラム名のポートはまれです）。',
      'detection.file-port': 'プログラムやライブラリを名前に持つプリンターポート',
      'detection.spooler-module': 'スプーラーに読み込ませるモジュールの設定',
      'detection.driver-dropped': 'プリンタードライバーの間に置かれたライブラリ',
      'reason.file_port': '{host} に、ファイル {file} を名前に持つプリンターポートが作成されました。',
      'reason.spooler_module':
        '{host} のプリンターにモジュール {file} が設定され、スプーラーが読み込みます。',
      'reason.driver_dropped':
        '{file} が、プリンターをインストールしないプログラムによって書き込まれました。',
    },
  },
  matches: [
    {
      title: 'a port that is a library, a module for the spooler, and a library among the drivers',
      items: [
        exampleEvent('script-block', 0, { detail: 'Add-PrinterPort -Name .\\NetshHelper.dll' }),
        exampleEvent('registry-set', 1, {
          processPath: 'C:\\Windows\\System32\\spoolsv.exe',
          pid: 9,
          target:
            'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Print\\Printers\\XPS\\CopyFiles\\Module',
          detail: 'C:\\Windows\\system32\\spool\\DRIVERS\\x64\\4\\Test.dll',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Users\\amber\\tool.exe',
          pid: 5,
          target: 'C:\\Windows\\System32\\spool\\drivers\\x64\\4\\Test.dll',
        }),
      ],
      finds: ['!file-port: WS-01', '!spooler-module: spoolsv.exe', '!driver-dropped: tool.exe'],
    },
  ],
  ignores: [
    {
      title: 'a network printer, a colour profile, and a driver that Windows installs',
      items: [
        exampleEvent('script-block', 0, {
          detail: 'Add-PrinterPort -Name "IP_10.0.0.9" -PrinterHostAddress 10.0.0.9',
        }),
        exampleEvent('registry-set', 1, {
          processPath: 'C:\\Windows\\System32\\spoolsv.exe',
          target:
            'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Print\\Printers\\Office\\CopyFiles\\ICM\\Module',
          detail: 'mscms.dll',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Windows\\System32\\spoolsv.exe',
          target: 'C:\\Windows\\System32\\spool\\drivers\\x64\\3\\UNIDRV.DLL',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    for (const process of view.processes.started) {
      const port = FILE_PORT.exec(process.commandLine)?.[1]
      if (process.event && port !== undefined)
        yield {
          ...base(view, 'file-port', PORT, process.draft, process.endpointId, process.startAt, port),
          proof: proofOf(process.event),
        }
    }
    for (const event of view.events(['script-block', 'script-module'], ['detail', 'pid', 'processGuid'])) {
      const port = FILE_PORT.exec(event.fields.detail ?? '')?.[1]
      if (port !== undefined && event.endpointId !== null)
        yield told(view, event, 'file-port', PORT, scriptProcess(view, event)?.process.draft, port)
    }
    for (const event of view.events(
      ['registry-set', 'file-create'],
      ['target', 'detail', 'processPath', 'pid', 'processGuid'],
    )) {
      const { target = '', detail = '', processPath = '' } = event.fields
      if (event.endpointId === null) continue
      const actor = view.processes.actorOf(event)?.draft
      if (event.kind === 'file-create') {
        if (DRIVER_FOLDER.test(target) && processPath !== '' && !DRIVER_SETTERS.test(processPath))
          yield told(view, event, 'driver-dropped', DROPPED, actor, target)
        continue
      }
      const port = PORTS_KEY.exec(target)?.[1]
      if (port !== undefined) yield told(view, event, 'file-port', PORT, actor, port)
      if (COPY_FILES.test(target) && /\.dll\b/i.test(detail) && !KNOWN_MODULE.test(detail.trim()))
        yield told(view, event, 'spooler-module', MODULE, actor, detail)
    }
  },
}
export default rule

type What = 'file-port' | 'spooler-module' | 'driver-dropped'

const told = (
  view: CorrelationView,
  event: ViewEvent,
  detection: What,
  confidence: number,
  actor: EntityHandle | undefined,
  file: string,
): DetectionDraft => ({
  ...base(view, detection, confidence, actor ?? event.endpointId ?? 0, event.endpointId ?? 0, event.at, file),
  proof: proofOf(event),
})

const base = (
  view: CorrelationView,
  detection: What,
  confidence: number,
  subject: EntityHandle,
  endpointId: number,
  at: number | null,
  file: string,
): Omit<DetectionDraft, 'proof'> => ({
  detection,
  level: 'high',
  subject,
  involved: subject === endpointId ? [] : [endpointId],
  window: dayOf(at),
  at,
  confidence,
  reason: detection.replace('-', '_'),
  params: { file: file.trim().slice(0, 260), host: view.entity(endpointId).name },
})
