import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { fileOn, proofOf, urlEntity } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { extensionOf, splitStream, useOf } from '../file-names.ts'
import { placeOf } from '../hiding-places.ts'
import { type DocumentProgram, documentProgramOf, isShell } from '../office-programs.ts'
import { openedFiles } from '../opened-files.ts'
import type { ProcessFact } from '../process-index.ts'
import type { EntityDraft, Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** A program for documents is the parent of a shell: recorded, and hardly ever honest. */
const SHELL_CHILD = 0.92
/** A program that document code wrote was run. */
const WRITTEN = 0.9
/** An address for templates or pages was reached; add-ins and licences do that too. */
const REACHED = 0.55

/** Programs that Office starts on its own: its parts, printing, browsers for links, error reports, signing in. */
const HONEST_CHILDREN =
  /\\(?:splwow64|msosync|msoia|msoasb|officeclicktorun|sdxhelper|onedrive|msedge|msedgewebview2|chrome|firefox|iexplore|brave|opera|teams|ms-teams|dwwin|dw20|werfault|wermgr|ai|aimgr|msohtmed|excelcnv|ctfmon|csc|cvtres|outlook|winword|excel|powerpnt|onenotem|olicenseheartbeat|verclsid|explorer|printfilterpipelinesvc|notepad|acrord32|acrobat|acrocef|rdrcef|adobecollabsync|adobearm|microsoft\.mashup\.container\w*|zoom|conhost|prevhost|msoadfsb|fltldr|openwith|dllhost|taskhostw|searchprotocolhost|ngentask|filecoauth|officebackgroundtaskhandler\w*|appvlp|integrator|perfboost|msqry32|eqnedt32|sqldumper|wmplayer|mspaint|microsoft\.photos|onenote|msaccess|mspub|visio|lync|ucmapi|webexmta)\.exe$/i
/** Print drivers and registration after an update: what rundll32 and regsvr32 do for Office. */
const HONEST_COMMANDS =
  /\brundll32(?:\.exe)?"?\s+"?(?:c:\\windows\\system32\\spool\\drivers\\|[^"]*\\(?:ndfapi|shell32|printui|davclnt|inetcpl|dsquery|cryptext)\.(?:dll|cpl),)|\bmsiexec(?:\.exe)?"?\s+\/(?:i|fups|f\w*)\s*\{|\bcmd(?:\.exe)?"?\s+\/c\s+"?"?c:\\program files/i
/** Files document code writes to be run; documents and their owner files are what Office itself writes. */
const RUN_USES = new Set(['script', 'program', 'library', 'shortcut', 'installer'])
/** Services of the maker that Office reaches all day. */
const OWN_HOSTS =
  /(?:^|\.)(?:microsoft|office|office365|live|msn|bing|windows|windowsupdate|microsoftonline|msocdn|sharepoint|onenote|skype|msauth|msftauth|azureedge|azure|outlook|digicert|verisign|adobe|adobe-services|google|googleapis|akamaized|svc\.ms|onedrive|msedge|trafficmanager|gfx\.ms|officeapps)\.(?:com|net|org|ms|us|cn)$|^(?:localhost|127\.|10\.|192\.168\.)/i

const rule: Rule = {
  id: 'document.macro',
  order: 39,
  relations: ['executed-as'],
  detections: ['shell_child', 'odd_child', 'written_program', 'template'],
  scope: 'endpoint',
  attack: ['T1204.002', 'T1059.005', 'T1566.001', 'T1203', 'T1221', 'T1137'],
  attackOf: {
    shell_child: ['T1204.002'],
    odd_child: ['T1204.002'],
    written_program: ['T1204.002'],
    template: ['T1221'],
  },
  texts: {
    en: {
      title: 'Documents that run something',
      description:
        'A program for documents (Word, Excel, OneNote, a PDF reader, Outlook) starts a shell, script or loader, writes a program or script that is then run, or fetches a template from an unknown host. The document that was open is named, and joined to what came of it when it was the only one, where the command line tells it.',
      needs:
        'Process start records with parents (Sysmon 1, Security 4688), file creation records for written files, network or proxy records for templates.',
      falsePositives:
        'Add-ins for finance, legal and engineering work start helpers and shells; macros of the own house do, too. Add-ins fetch data from their makers.',
      'detection.shell_child': 'A document started a shell or script',
      'detection.odd_child': 'A document started a program from an odd folder',
      'detection.written_program': 'A program that a document had written was run',
      'detection.template': 'A document program fetched a document from the network',
      'reason.shell': '{parent} started {program}: {command}',
      'reason.shell_document': '{parent}, with {document} open, started {program}: {command}',
      'reason.odd_child': '{parent} started {program} from {folder}.',
      'reason.written': '{parent} wrote {file}, which {program} then ran.',
      'reason.code': 'This document was open in {parent} when it started {program}.',
      'reason.template': '{parent} fetched {url}, a document or template on a host that is not of its maker.',
    },
    'zh-TW': {
      title: '會執行內容的文件',
      description:
        '文件程式（Word、Excel、OneNote、PDF 閱讀器、Outlook）啟動命令殼層、指令碼或載入程式，寫入隨後被執行的程式或指令碼，或從未知主機取得範本。若命令列可得知當時開啟的文件，則一併列出；只開啟一份文件時，與其結果相連。',
      needs:
        '含父處理程序的處理程序啟動紀錄（Sysmon 1、安全性 4688）；寫入檔案需檔案建立紀錄；範本需網路或代理伺服器紀錄。',
      falsePositives:
        '財務、法務與工程用的增益集會啟動輔助程式與命令殼層，公司內部的巨集也會。增益集會向其廠商取得資料。',
      'detection.shell_child': '文件啟動了命令殼層或指令碼',
      'detection.odd_child': '文件從異常資料夾啟動了程式',
      'detection.written_program': '文件寫入的程式遭執行',
      'detection.template': '文件程式從網路取得文件',
      'reason.shell': '{parent} 啟動了 {program}：{command}',
      'reason.shell_document': '{parent} 在開啟 {document} 時啟動了 {program}：{command}',
      'reason.odd_child': '{parent} 從 {folder} 啟動了 {program}。',
      'reason.written': '{parent} 寫入 {file}，隨後由 {program} 執行。',
      'reason.code': '{parent} 啟動 {program} 時正開啟此文件。',
      'reason.template': '{parent} 取得 {url}，為非原廠主機上的文件或範本。',
    },
    ja: {
      title: '何かを実行する文書',
      description:
        '文書を開くプログラム（Word、Excel、OneNote、PDF リーダー、Outlook）が、シェル・スクリプト・ローダーを起動した、後に実行されるプログラムやスクリプトを書き込んだ、または未知のホストからテンプレートを取得したことを示します。開いていた文書は、コマンドラインから分かる場合に示し、1 つだけ開いていたときはその結果と結び付けます。',
      needs:
        '親プロセスを含むプロセス起動の記録（Sysmon 1、セキュリティ 4688）。書き込みにはファイル作成の記録、テンプレートにはネットワークまたはプロキシの記録。',
      falsePositives:
        '財務・法務・設計用のアドインや社内マクロも、補助プログラムやシェルを起動します。アドインは提供元からデータを取得します。',
      'detection.shell_child': '文書がシェルまたはスクリプトを起動した',
      'detection.odd_child': '文書が不自然なフォルダーのプログラムを起動した',
      'detection.written_program': '文書が書き込んだプログラムが実行された',
      'detection.template': '文書プログラムがネットワークから文書を取得した',
      'reason.shell': '{parent} が {program} を起動しました：{command}',
      'reason.shell_document': '{document} を開いていた {parent} が {program} を起動しました：{command}',
      'reason.odd_child': '{parent} が {folder} から {program} を起動しました。',
      'reason.written': '{parent} が {file} を書き込み、その後 {program} が実行しました。',
      'reason.code': '{parent} が {program} を起動したとき、この文書が開かれていました。',
      'reason.template':
        '{parent} が {url} を取得しました。提供元ではないホストにある文書またはテンプレートです。',
    },
  },
  matches: [
    {
      title: 'a macro starts PowerShell, and writes a program that runs',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
          pid: 5,
          commandLine: '"WINWORD.EXE" /n "C:\\Users\\amber\\Downloads\\order.docm" /o ""',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 6,
          parentPid: 5,
          parentPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
          commandLine: 'powershell -w hidden -c x',
        }),
        exampleEvent('file-create', 6, {
          processPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
          pid: 5,
          target: 'C:\\Users\\amber\\AppData\\Roaming\\b.exe',
        }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Users\\amber\\AppData\\Roaming\\b.exe',
          pid: 7,
          parentPid: 6,
          parentPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
        }),
      ],
      finds: ['!shell_child: WINWORD.EXE', '!written_program: b.exe'],
    },
    {
      title: 'a template from an unknown host, and a program started by a reader out of a temporary folder',
      items: [
        exampleEvent('http-request', 0, {
          processPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
          pid: 5,
          url: 'https://files.example.net/t/normal.dotm',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Users\\amber\\AppData\\Local\\Temp\\u.exe',
          pid: 6,
          parentPid: 9,
          parentPath: 'C:\\Program Files\\Adobe\\Acrobat\\AcroRd32.exe',
        }),
      ],
      finds: ['!template: WINWORD.EXE', '!odd_child: AcroRd32.exe'],
    },
  ],
  ignores: [
    {
      title:
        'printing, links, a helper of Office, an add-in where it is installed, and documents written and read',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\splwow64.exe',
          pid: 6,
          parentPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
          pid: 7,
          parentPath: 'C:\\Office\\OUTLOOK.EXE',
          commandLine: 'msedge.exe --single-argument https://news.example.org/',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Program Files\\Vendor\\AddIn\\helper.exe',
          pid: 8,
          parentPath: 'C:\\Office\\EXCEL.EXE',
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 10,
          parentPath: 'C:\\Office\\EXCEL.EXE',
          commandLine:
            'rundll32.exe C:\\Windows\\system32\\spool\\DRIVERS\\x64\\3\\x.dll,MonitorPrintJobStatus',
        }),
        exampleEvent('file-create', 4, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          pid: 5,
          target: 'C:\\Users\\amber\\Documents\\letter.docx',
        }),
        exampleEvent('http-request', 5, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          pid: 5,
          url: 'https://templates.office.com/t/letter.dotx',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const child of view.processes.started) {
      if (!child.event) continue
      const parent = view.processes.parentOf(child.event)
      const program = parent && documentProgramOf(parent.path)
      if (parent && program) yield* startedBy(view, child, child.event, parent, program)
    }
    yield* runAfterWriting(view)
    yield* templates(view)
  },
}
export default rule

/** The documents the program was started with; it may have opened others since. */
const documentsOf = (parent: ProcessFact): string[] =>
  openedFiles(parent.path, parent.commandLine).map((file) => file.path)

function* startedBy(
  view: CorrelationView,
  child: ProcessFact,
  event: ViewEvent,
  parent: ProcessFact,
  program: DocumentProgram,
): Generator<Find> {
  if (HONEST_CHILDREN.test(child.path)) return
  const isOfShell = isShell(child.path)
  const place = placeOf(child.path)
  if (isOfShell && HONEST_COMMANDS.test(child.commandLine)) return
  if (!isOfShell && place !== 'hiding') return
  const documents = documentsOf(parent)
  const [document] = documents
  const base = { at: child.startAt, proof: proofOf(event) }
  const names = { parent: parent.draft.name, program: child.draft.name }
  const files = documents.map((path) => fileOn(view.entity(child.endpointId), path))
  // With one document open, the code is in that; with several, nobody knows in which.
  const [only] = files
  if (only && files.length === 1)
    yield {
      ...base,
      kind: 'executed-as',
      from: only,
      to: child.draft,
      confidence: 0.7,
      reason: 'code',
      params: names,
    }
  const involved = [child.draft, child.endpointId, ...files]
  const command = (child.commandLine || child.path).slice(0, 300)
  if (isOfShell)
    yield {
      ...base,
      detection: 'shell_child',
      // Outlook starts attachments by their handlers: a script the user opened there is as bad, but it is the user's doing.
      level: program === 'mail' && /\\cmd\.exe$/i.test(child.path) ? 'medium' : 'high',
      subject: parent.draft,
      involved,
      confidence: SHELL_CHILD,
      ...(document === undefined
        ? { reason: 'shell', params: { ...names, command } }
        : { reason: 'shell_document', params: { ...names, command, document: baseName(document) } }),
    }
  else
    yield {
      ...base,
      detection: 'odd_child',
      level: 'high',
      subject: parent.draft,
      involved,
      confidence: 0.8,
      reason: 'odd_child',
      params: { ...names, folder: child.path.slice(0, -baseName(child.path).length) },
    }
}

/** A program or script that a document program wrote is run, or opened by a script host, afterwards. */
function* runAfterWriting(view: CorrelationView): Generator<Find> {
  const written = new Map<string, { path: string; at: number; event: ViewEvent }>()
  for (const event of view.events(
    ['file-create'],
    ['processPath', 'pid', 'processGuid', 'target', 'action'],
  )) {
    const { target, processPath, action } = event.fields
    const program = documentProgramOf(processPath)
    if (event.endpointId === null || event.at === null || target === undefined || action === 'blocked')
      continue
    // Outlook writes the attachments its user opens: the rules of mail tell of them.
    if (program === undefined || program === 'mail') continue
    const { path, stream } = splitStream(target)
    const use = useOf(path)
    if (stream !== undefined || use === undefined || !RUN_USES.has(use) || isOfOffice(path)) continue
    const key = `${event.endpointId}|${path.toLowerCase()}`
    if (!written.has(key)) written.set(key, { path, at: event.at, event })
  }
  if (written.size === 0) return
  for (const process of view.processes.started) {
    if (!process.event || process.startAt === null) continue
    const paths = [process.path, ...openedFiles(process.path, process.commandLine).map((file) => file.path)]
    for (const path of paths) {
      const found = written.get(`${process.endpointId}|${path.toLowerCase()}`)
      const writer = found && found.at <= process.startAt ? view.processes.actorOf(found.event) : undefined
      if (!found || !writer || writer === process) continue
      yield {
        detection: 'written_program',
        level: 'high',
        subject: process.draft,
        involved: [writer.draft, fileOn(view.entity(process.endpointId), found.path), process.endpointId],
        at: process.startAt,
        confidence: WRITTEN,
        reason: 'written',
        params: { parent: writer.draft.name, file: found.path, program: process.draft.name },
        proof: [...proofOf(found.event), ...proofOf(process.event)],
      }
    }
  }
}

/** Recent-document shortcuts and add-in registrations that Office writes for itself. */
const isOfOffice = (path: string): boolean =>
  /\\microsoft\\(?:office\\recent|windows\\recent|templates|addins|word\\startup|excel\\xlstart|office\\\d|signatures)\\/i.test(
    path,
  ) || /\\(?:wef|typelib|assembly)\\/i.test(path)

/** Requests of a document program for documents, templates or pages of hosts that are not its maker's. */
function* templates(view: CorrelationView): Generator<Find> {
  for (const event of view.events(
    ['http-request', 'network-connection'],
    ['processPath', 'pid', 'processGuid', 'url', 'outcome'],
  )) {
    const { url, processPath, outcome } = event.fields
    if (event.endpointId === null || url === undefined || documentProgramOf(processPath) !== 'office')
      continue
    const page = urlEntity(url)
    const host = page?.attributes?.['host']
    if (!page || typeof host !== 'string' || OWN_HOSTS.test(host)) continue
    const level = levelOf(url)
    const process = level === undefined ? undefined : view.processes.actorOf(event)
    if (level === undefined || !process) continue
    yield {
      detection: 'template',
      level: outcome === 'failure' ? 'low' : level,
      subject: process.draft,
      involved: [page as EntityDraft, event.endpointId],
      at: event.at,
      confidence: REACHED,
      reason: 'template',
      params: { parent: process.draft.name, url: page.name },
      proof: proofOf(event),
    }
  }
}

/** Templates with macros, and the pages that exploits of the help protocol and of Equation Editor load. */
function levelOf(url: string): DetectionLevel | undefined {
  const path = url.replace(/[?#].*$/, '')
  const extension = extensionOf(path)
  if (/^(?:dotm|docm|xlsm|xltm|dot|rtf|hta|sct|vbs|js|ps1|exe|dll|scr)$/.test(extension)) return 'high'
  return /^(?:dotx|docx|doc|xls|xlsx|html?|php)$/.test(extension) ? 'medium' : undefined
}
