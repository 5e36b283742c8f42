import type { DetectionLevel } from '../../model/detection.ts'
import { baseName } from '../../normalise/path.ts'
import { currentDirectory } from '../current-directory.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { compressedFolderOf, isInArchiverFolder } from '../extraction.ts'
import { extensionOf, splitStream, useOf } from '../file-names.ts'
import { isOutlookCache } from '../mail-programs.ts'
import { isShell } from '../office-programs.ts'
import { openedFiles } from '../opened-files.ts'
import type { ProcessFact } from '../process-index.ts'
import type { Find, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** Name and folder stand in the record of the start. */
const BY_NAME = 0.92
const BY_FOLDER = 0.85
/** A shortcut appeared and Explorer started a shell soon after: no record says that the one ran the other. */
const BY_SHORTCUT = 0.6
/** A shortcut that came out of an archive or mail is opened within this time, or its story is another one. */
const SHORTCUT_US = 15 * 60_000_000
/** Somebody who opens a mail's attachment opens what is in it at once. */
const MOMENT_US = 120_000_000

/** What a name pretends to be, before the extension that counts. */
const DISGUISE =
  /\.(?:docx?|docm|xlsx?|xlsm|pptx?|pdf|txt|rtf|jpe?g|png|gif|bmp|csv|html?|zip|rar|7z|mp[34]|avi|mov|msg|eml|odt|one)[\s_\u2000-\u200f]*\.(?:exe|scr|com|pif|bat|cmd|jse?|vb[es]|ws[fh]|hta|lnk|ps1|cpl|dll|msi|jar|chm|msc)$/i
/** Blanks that push the extension out of sight, and signs that write it backwards. */
const HIDDEN_END = /\s{8,}\.[a-z0-9]{2,4}$|[\u202a-\u202e\u2066-\u2069]/i
/** Kinds of files nobody opens right out of a mail or archive for work. */
const DANGEROUS = new Set(['script', 'shortcut', 'page', 'program', 'installer', 'library', 'disk-image'])
/** Pages and images in archives are read all the time. */
const HARMLESS_OPENERS =
  /\\(?:msedge|chrome|firefox|iexplore|brave|opera|vivaldi|notepad|notepad\+\+|code|explorer|7zfm|winrar)\.exe$/i

const rule: Rule = {
  id: 'file.lured',
  order: 40,
  relations: ['executed-as'],
  detections: ['double_extension', 'from_mail', 'from_archive', 'shortcut'],
  scope: 'endpoint',
  attack: ['T1036.007', 'T1204.002', 'T1566.001', 'T1027.012', 'T1553.005', 'T1036.002'],
  texts: {
    en: {
      title: 'Files that somebody was lured to open',
      description:
        'A program or script was run that pretends to be a document by a second extension, straight out of the cache of Outlook, or straight out of an archive or disk image; or Explorer started a shell right after a shortcut came out of an archive, mail or download. The shortcut is joined to what ran.',
      needs:
        'Process start records with paths and command lines; file creation records for shortcuts; current directories (Sysmon 1) make shortcuts surer.',
      falsePositives:
        'Installers are run out of archives by people in a hurry, and weigh less than scripts. Windows itself makes shortcuts in the folders of recent documents, which do not count.',
      'detection.double_extension': 'A program that pretends to be a document was run',
      'detection.from_mail': 'A program or script was run out of the mail cache',
      'detection.from_archive': 'A program or script was run straight out of an archive',
      'detection.shortcut': 'A shortcut started a shell',
      'reason.double_extension': '{file} pretends to be a document; {program} ran it.',
      'reason.hidden_end': 'The name of {file} hides its real extension; {program} ran it.',
      'reason.mail': '{program} ran {file} out of the cache of Outlook.',
      'reason.archive': '{program} ran {file} out of the temporary folder of the archive {archive}.',
      'reason.archiver': '{program} ran {file} out of the temporary folder of an archiver.',
      'reason.shortcut': '{shortcut} appeared {minutes} min before Explorer started {program}: {command}',
      'reason.shortcut_folder':
        '{shortcut} lies in the folder from which Explorer started {program}: {command}',
    },
    'zh-TW': {
      title: '誘騙開啟的檔案',
      description:
        '執行了以第二個副檔名偽裝成文件的程式或指令碼、直接從 Outlook 快取執行，或直接從壓縮檔或磁碟映像執行；或在捷徑自壓縮檔、郵件或下載出現後，檔案總管隨即啟動命令殼層。捷徑會與其執行的內容相連。',
      needs:
        '含路徑與命令列的處理程序啟動紀錄；捷徑需檔案建立紀錄；若有目前目錄（Sysmon 1），捷徑的判斷更可靠。',
      falsePositives:
        '使用者為求方便會直接從壓縮檔執行安裝程式，嚴重性低於指令碼。Windows 會在最近使用的文件資料夾中自行建立捷徑，不列入計算。',
      'detection.double_extension': '執行了偽裝成文件的程式',
      'detection.from_mail': '從郵件快取執行了程式或指令碼',
      'detection.from_archive': '直接從壓縮檔執行了程式或指令碼',
      'detection.shortcut': '捷徑啟動了命令殼層',
      'reason.double_extension': '{file} 偽裝成文件，由 {program} 執行。',
      'reason.hidden_end': '{file} 的檔名隱藏了真正的副檔名，由 {program} 執行。',
      'reason.mail': '{program} 從 Outlook 的快取執行了 {file}。',
      'reason.archive': '{program} 從壓縮檔 {archive} 的暫存資料夾執行了 {file}。',
      'reason.archiver': '{program} 從壓縮軟體的暫存資料夾執行了 {file}。',
      'reason.shortcut': '{shortcut} 出現 {minutes} 分鐘後，檔案總管啟動了 {program}：{command}',
      'reason.shortcut_folder': '{shortcut} 所在的資料夾，正是檔案總管啟動 {program} 的資料夾：{command}',
    },
    ja: {
      title: '騙されて開かれたファイル',
      description:
        '二重拡張子で文書を装ったプログラムやスクリプトの実行、Outlook のキャッシュからの直接実行、アーカイブやディスクイメージからの直接実行、またはアーカイブ・メール・ダウンロードからショートカットが現れた直後にエクスプローラーがシェルを起動したことを示します。ショートカットは実行されたものと結び付けます。',
      needs:
        'パスとコマンドラインを含むプロセス起動の記録。ショートカットにはファイル作成の記録。カレントディレクトリ（Sysmon 1）があればより確かになります。',
      falsePositives:
        '急いでいる人はアーカイブから直接インストーラーを実行するため、スクリプトより軽く見ます。Windows 自身が最近使ったファイルのフォルダーに作るショートカットは数えません。',
      'detection.double_extension': '文書を装ったプログラムが実行された',
      'detection.from_mail': 'メールのキャッシュからプログラムやスクリプトが実行された',
      'detection.from_archive': 'アーカイブから直接プログラムやスクリプトが実行された',
      'detection.shortcut': 'ショートカットがシェルを起動した',
      'reason.double_extension': '{file} は文書を装っています。{program} が実行しました。',
      'reason.hidden_end': '{file} の名前は本当の拡張子を隠しています。{program} が実行しました。',
      'reason.mail': '{program} が Outlook のキャッシュから {file} を実行しました。',
      'reason.archive': '{program} が、アーカイブ {archive} の一時フォルダーから {file} を実行しました。',
      'reason.archiver': '{program} が、圧縮ソフトの一時フォルダーから {file} を実行しました。',
      'reason.shortcut':
        '{shortcut} が現れた {minutes} 分後に、エクスプローラーが {program} を起動しました：{command}',
      'reason.shortcut_folder':
        '{shortcut} のあるフォルダーから、エクスプローラーが {program} を起動しました：{command}',
    },
  },
  matches: [
    {
      title: 'a picture that is a program, a script out of the mail cache, a script out of an archive',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Users\\amber\\Downloads\\photo.jpeg.exe',
          pid: 5,
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          pid: 6,
          commandLine:
            'wscript "C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1\\bill.js"',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\mshta.exe',
          pid: 7,
          commandLine: 'mshta "C:\\Users\\amber\\AppData\\Local\\Temp\\Temp1_Bill.zip\\bill.hta"',
        }),
      ],
      finds: ['!double_extension: photo.jpeg.exe', '!from_mail: wscript.exe', '!from_archive: mshta.exe'],
    },
    {
      title: 'a shortcut out of an archive, and the shell that Explorer starts',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\Windows\\explorer.exe',
          pid: 4,
          target: 'C:\\Users\\amber\\Downloads\\Bill\\Bill.pdf.lnk',
        }),
        exampleEvent('process-start', 60, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 5,
          parentPath: 'C:\\Windows\\explorer.exe',
          commandLine: 'cmd /c start /min powershell -w hidden -c x',
          detail: 'CurrentDirectory: C:\\Users\\amber\\Downloads\\Bill\\; Company: x',
        }),
      ],
      finds: ['executed-as: Bill.pdf.lnk -> cmd.exe', '!shortcut: cmd.exe'],
    },
  ],
  ignores: [
    {
      title:
        'documents out of mail, pages out of archives, names with points, recent shortcuts, and a plain prompt',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Office\\WINWORD.EXE',
          pid: 5,
          commandLine:
            'WINWORD.EXE "C:\\Users\\amber\\AppData\\Local\\Microsoft\\Windows\\INetCache\\Content.Outlook\\A1\\letter.docx"',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\x\\msedge.exe',
          pid: 6,
          commandLine: 'msedge.exe "C:\\Users\\amber\\AppData\\Local\\Temp\\Temp1_Site.zip\\index.html"',
        }),
        exampleEvent('process-start', 2, { processPath: 'C:\\Program Files\\Vendor\\app.v2.1.exe', pid: 7 }),
        exampleEvent('file-create', 3, {
          processPath: 'C:\\Windows\\explorer.exe',
          target: 'C:\\Users\\amber\\AppData\\Roaming\\Microsoft\\Windows\\Recent\\letter.docx.lnk',
        }),
        exampleEvent('process-start', 4, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 8,
          parentPath: 'C:\\Windows\\explorer.exe',
          commandLine: '"C:\\Windows\\System32\\cmd.exe"',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const directories = new Map<number, string>()
    for (const event of view.events(['process-start'], ['detail'])) {
      const directory = currentDirectory(event.fields.detail)
      if (directory !== undefined) directories.set(event.id, directory)
    }
    for (const process of view.processes.started) {
      if (!process.event) continue
      const opened = openedFiles(process.path, process.commandLine, directories.get(process.event.id))
      const files = [process.path, ...opened.map((file) => file.path)]
      for (const path of files) yield* lured(process, process.event, path, path === process.path, view)
    }
    yield* shortcuts(view, directories)
  },
}
export default rule

function* lured(
  process: ProcessFact,
  event: ViewEvent,
  path: string,
  isImage: boolean,
  view: CorrelationView,
): Generator<Find> {
  const name = baseName(path)
  const use = useOf(path)
  const found = (
    detection: string,
    level: DetectionLevel,
    confidence: number,
    reason: string,
    params = {},
  ): Find => ({
    detection,
    level,
    subject: process.draft,
    involved: [process.endpointId, fileOn(view.entity(process.endpointId), path)],
    at: process.startAt,
    confidence,
    reason,
    params: { program: process.draft.name, file: name, ...params },
    proof: proofOf(event),
  })
  if (DISGUISE.test(name)) yield found('double_extension', 'high', BY_NAME, 'double_extension')
  else if (HIDDEN_END.test(name)) yield found('double_extension', 'high', BY_NAME, 'hidden_end')
  if (use === undefined || !DANGEROUS.has(use) || (!isImage && HARMLESS_OPENERS.test(process.path))) return
  if (isOutlookCache(path)) yield found('from_mail', use === 'page' ? 'medium' : 'high', BY_FOLDER, 'mail')
  // People run installers out of archives; nobody runs a script or shortcut there by trade.
  const level =
    use === 'program' || use === 'installer' || use === 'library' || use === 'page' ? 'medium' : 'high'
  const archive = compressedFolderOf(path)
  if (archive !== undefined) yield found('from_archive', level, BY_FOLDER, 'archive', { archive })
  else if (isInArchiverFolder(path)) yield found('from_archive', level, BY_FOLDER, 'archiver')
}

/** Shortcuts in folders where things come in, and the shells Explorer starts soon after. */
function* shortcuts(view: CorrelationView, directories: ReadonlyMap<number, string>): Generator<Find> {
  const links = new Map<number, { path: string; at: number; event: ViewEvent }[]>()
  for (const event of view.events(['file-create', 'file-stream'], ['target', 'action'])) {
    const { target, action } = event.fields
    if (event.endpointId === null || event.at === null || target === undefined || action === 'blocked')
      continue
    const { path } = splitStream(target)
    if (extensionOf(path) !== 'lnk' || !isIncoming(path)) continue
    const list = links.get(event.endpointId)
    if (list) list.push({ path, at: event.at, event })
    else links.set(event.endpointId, [{ path, at: event.at, event }])
  }
  if (links.size === 0) return
  for (const process of view.processes.started) {
    const list = links.get(process.endpointId)
    if (!process.event || process.startAt === null || !list || !isShell(process.path)) continue
    const parent = baseName(process.event.fields.parentPath ?? '').toLowerCase()
    // A prompt without a command is somebody's own window.
    if (parent !== 'explorer.exe' || !/\s\S/.test(process.commandLine.replace(/^"[^"]*"/, ''))) continue
    const link = latestBefore(list, process.startAt)
    if (!link) continue
    const directory = directories.get(process.event.id)?.toLowerCase().replace(/\\$/, '')
    const isBeside = directory !== undefined && folderOf(link.path) === directory
    // Without the folder, time alone speaks for it: that is worth a look, no more.
    const isElsewhere =
      directory !== undefined && !isBeside && !/\\(?:temp|downloads)(?:\\|$)/.test(directory)
    if (isElsewhere && !(NEUTRAL.test(directory) && isTellingStart(process, link.at))) continue
    const proof = [...proofOf(link.event), ...proofOf(process.event)]
    const params = {
      shortcut: baseName(link.path),
      program: process.draft.name,
      minutes: Math.round((process.startAt - link.at) / 60e6),
      command: process.commandLine.slice(0, 300),
    }
    const confidence = isBeside ? BY_FOLDER : BY_SHORTCUT
    const reason = isBeside ? 'shortcut_folder' : 'shortcut'
    const file = fileOn(view.entity(process.endpointId), link.path)
    yield {
      kind: 'executed-as',
      from: file,
      to: process.draft,
      at: process.startAt,
      confidence,
      reason,
      params,
      proof,
    }
    yield {
      detection: 'shortcut',
      level: isBeside ? 'high' : 'medium',
      subject: process.draft,
      involved: [file, process.endpointId],
      at: process.startAt,
      confidence,
      reason,
      params,
      proof,
    }
  }
}

/** Where a shortcut to a program of Windows starts unless somebody says otherwise: that speaks neither for nor against it. */
const NEUTRAL = /^(?:[a-z]:|[a-z]:\\windows(?:\\(?:system32|syswow64))?|[a-z]:\\users\\[^\\]+)$/

/** Right after the shortcut came, or with a command that fetches or hides. */
const isTellingStart = (process: ProcessFact, linkAt: number): boolean =>
  (process.startAt ?? Infinity) - linkAt <= MOMENT_US ||
  /\b(?:curl|certutil|bitsadmin|iwr|wget|mshta|invoke-webrequest|downloadstring|downloadfile)\b|https?:|\s-(?:w\w*\s+h|e(?:nc?|c)?\w*\s+[a-z0-9+/=]{16})/i.test(
    process.commandLine,
  )

const folderOf = (path: string): string =>
  path.slice(0, -baseName(path).length).toLowerCase().replace(/\\$/, '')

/** Where shortcuts come in from outside; the shell's own lists of recent files and the start menu are not meant. */
const isIncoming = (path: string): boolean =>
  !/\\(?:recent|start menu|sendto|quick launch|links|office\\recent|taskbar)\\/i.test(path) &&
  (/\\(?:downloads|temp|tmp|content\.outlook|inetcache|desktop)\\/i.test(path) || /^[d-z]:\\/i.test(path))

function latestBefore<T extends { at: number }>(list: readonly T[], at: number): T | undefined {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.at ?? 0) <= at) low = middle + 1
    else high = middle
  }
  const found = list[low - 1]
  return found && at - found.at <= SHORTCUT_US ? found : undefined
}
