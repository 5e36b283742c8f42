import type { EventFieldName } from '../../model/event.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { extractedByStart, extractedByWrite, SeenContainers } from '../extraction-finds.ts'
import { isArchiver } from '../extraction.ts'
import type { Find, RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

const FIELDS: readonly EventFieldName[] = [
  'target',
  'processPath',
  'processGuid',
  'pid',
  'commandLine',
  'referrer',
  'action',
  'detail',
  'sha256',
  'sha1',
  'md5',
]

const rule: Rule = {
  id: 'archive.extracted',
  order: 25,
  scope: 'endpoint',
  relations: ['extracted-to'],
  detections: ['ran_from_image', 'unpacked_with_password', 'packed_with_password'],
  attack: ['T1204.002', 'T1553.005', 'T1027.013', 'T1560.001'],
  texts: {
    en: {
      title: 'Files out of archives and disk images',
      description:
        'Joins an archive to the files that came out of it: by the mark that Windows puts on extracted files, by the temporary folders of Explorer, 7-Zip and WinRAR, by the command line of the archiver, and by drives that appear after a disk image was opened.',
      needs: 'File creation or process start records with paths; command lines for archivers.',
      falsePositives:
        'A drive that appears after a disk image was saved may be a memory stick. Archivers write settings of their own. Backup scripts and software deployment pass passwords to archivers, too.',
      'reason.mark': 'The download mark of the file names {archive} as the place it came from.',
      'reason.folder': 'The file lies in the temporary folder that Explorer makes for {archive}.',
      'reason.folder_unseen':
        'The file lies in the temporary folder that Explorer makes for {archive}; the archive itself was not recorded.',
      'reason.archiver': '{program} was working on this archive when it wrote the file.',
      'detection.ran_from_image': 'A program was run from a mounted disk image',
      'detection.unpacked_with_password': 'An archive was unpacked with a password',
      'detection.packed_with_password': 'Files were packed with a password',
      'reason.drive':
        'The file was run from drive {drive}, first seen after this disk image was saved or opened.',
      'reason.mounted':
        'The file was run or opened from drive {drive}, first seen after this disk image was mounted.',
      'reason.password': '{program} was given a password on its command line: {command}',
    },
    'zh-TW': {
      title: '壓縮檔與磁碟映像中的檔案',
      description:
        '將壓縮檔與其解出的檔案相連：依據 Windows 寫在解壓縮檔案上的標記、檔案總管、7-Zip 與 WinRAR 的暫存資料夾、壓縮軟體的命令列，以及開啟磁碟映像後出現的磁碟機。',
      needs: '含路徑的檔案建立或處理程序啟動紀錄；壓縮軟體另需命令列。',
      falsePositives:
        '儲存磁碟映像後出現的磁碟機也可能是隨身碟。壓縮軟體也會寫入自己的設定檔。備份指令碼與軟體派送也會將密碼傳給壓縮軟體。',
      'reason.mark': '檔案的下載標記指出它來自 {archive}。',
      'reason.folder': '檔案位於檔案總管為 {archive} 建立的暫存資料夾。',
      'reason.folder_unseen': '檔案位於檔案總管為 {archive} 建立的暫存資料夾，但沒有該壓縮檔本身的紀錄。',
      'reason.archiver': '{program} 寫入此檔案時正在處理這個壓縮檔。',
      'detection.ran_from_image': '從掛接的磁碟映像執行了程式',
      'detection.unpacked_with_password': '以密碼解開了壓縮檔',
      'detection.packed_with_password': '以密碼壓縮了檔案',
      'reason.drive': '檔案由磁碟機 {drive} 執行，該磁碟機在此磁碟映像儲存或開啟後才首次出現。',
      'reason.mounted': '檔案由磁碟機 {drive} 執行或開啟，該磁碟機在此磁碟映像掛接後才首次出現。',
      'reason.password': '{program} 的命令列中帶有密碼：{command}',
    },
    ja: {
      title: 'アーカイブやディスクイメージから取り出されたファイル',
      description:
        'アーカイブとそこから取り出されたファイルを結び付けます。展開時に Windows が付ける印、エクスプローラー・7-Zip・WinRAR の一時フォルダー、圧縮ソフトのコマンドライン、ディスクイメージを開いた後に現れたドライブを手掛かりにします。',
      needs: 'パスを含むファイル作成またはプロセス起動の記録。圧縮ソフトについてはコマンドライン。',
      falsePositives:
        'ディスクイメージの保存後に現れたドライブが USB メモリのこともあります。圧縮ソフトは自身の設定ファイルも書き込みます。バックアップスクリプトやソフトウェア配布も圧縮ソフトにパスワードを渡します。',
      'reason.mark': 'ファイルのダウンロードの印に、取り出し元として {archive} が記されています。',
      'reason.folder': 'ファイルは、エクスプローラーが {archive} のために作る一時フォルダーにあります。',
      'reason.folder_unseen':
        'ファイルは、エクスプローラーが {archive} のために作る一時フォルダーにあります。アーカイブ自体の記録はありません。',
      'reason.archiver': '{program} はこのアーカイブを処理している最中にファイルを書き込みました。',
      'detection.ran_from_image': 'マウントしたディスクイメージからプログラムが実行された',
      'detection.unpacked_with_password': 'パスワードを使ってアーカイブが展開された',
      'detection.packed_with_password': 'パスワードを付けてファイルが圧縮された',
      'reason.mounted':
        'ファイルはドライブ {drive} から実行または開かれました。このドライブは、ディスクイメージがマウントされた後に初めて現れました。',
      'reason.password': '{program} のコマンドラインにパスワードが指定されています：{command}',
      'reason.drive':
        'ファイルはドライブ {drive} から実行されました。このドライブは、ディスクイメージが保存または開かれた後に初めて現れました。',
    },
  },
  matches: [
    {
      title: 'a mounted image with a script on it, and archives with passwords, unpacked and packed',
      items: [
        exampleEvent('device-connect', 0, {
          action: 'image-mounted',
          target: 'C:\\Users\\amber\\Downloads\\Bill.img',
        }),
        exampleEvent('process-start', 20, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          pid: 5,
          commandLine: 'wscript "E:\\bill.js"',
        }),
        exampleEvent('process-start', 30, {
          processPath: 'C:\\Program Files\\7-Zip\\7z.exe',
          pid: 6,
          commandLine: '7z x -pinfected C:\\Users\\amber\\a.7z -oC:\\t',
        }),
        exampleEvent('process-start', 40, {
          processPath: 'C:\\ProgramData\\rar.exe',
          pid: 7,
          commandLine: 'rar a -hpS3cret C:\\ProgramData\\o.rar C:\\Shares',
        }),
      ],
      finds: [
        'extracted-to: Bill.img -> bill.js',
        '!ran_from_image: wscript.exe',
        '!unpacked_with_password: 7z.exe',
        '!packed_with_password: rar.exe',
      ],
    },
    {
      title: 'a script out of a compressed folder, after the archive was saved',
      items: [
        exampleEvent('file-create', 0, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\Downloads\\Bill.zip',
        }),
        exampleEvent('process-start', 9, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          pid: 5,
          commandLine: 'wscript "C:\\Users\\amber\\AppData\\Local\\Temp\\Temp1_Bill.zip\\bill.js"',
        }),
      ],
      finds: ['extracted-to: Bill.zip -> bill.js'],
    },
    {
      title: 'the mark of an extracted file, 7-Zip with its archive, and a program on a mounted image',
      items: [
        exampleEvent('file-stream', 0, {
          target: 'C:\\Users\\amber\\a.docm:Zone.Identifier',
          referrer: 'C:\\Users\\amber\\a.zip',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Program Files\\7-Zip\\7zFM.exe',
          pid: 7,
          commandLine: '7zFM.exe "C:\\Users\\amber\\b.7z"',
        }),
        exampleEvent('file-create', 2, {
          processPath: 'C:\\Program Files\\7-Zip\\7zFM.exe',
          pid: 7,
          target: 'C:\\Users\\amber\\AppData\\Local\\Temp\\7zO4A3B2C1D\\b.exe',
        }),
        exampleEvent('file-create', 3, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\c.iso',
        }),
        exampleEvent('process-start', 9, { processPath: 'E:\\c.exe', pid: 9 }),
      ],
      finds: ['extracted-to: a.zip -> a.docm', 'extracted-to: b.7z -> b.exe', 'extracted-to: c.iso -> c.exe'],
    },
  ],
  ignores: [
    {
      title: 'packing, a drive known before, and an ordinary temporary file',
      items: [
        exampleEvent('process-start', 0, { processPath: 'D:\\Tools\\t.exe', pid: 5 }),
        exampleEvent('file-create', 1, {
          processPath: 'C:\\x\\msedge.exe',
          target: 'C:\\Users\\amber\\c.iso',
        }),
        exampleEvent('process-start', 2, { processPath: 'D:\\Tools\\u.exe', pid: 6 }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Program Files\\7-Zip\\7z.exe',
          pid: 7,
          commandLine: '7z a C:\\out.7z C:\\Users\\amber',
        }),
        exampleEvent('file-create', 4, {
          processPath: 'C:\\Program Files\\7-Zip\\7z.exe',
          pid: 7,
          target: 'C:\\out.7z.tmp',
        }),
        exampleEvent('file-create', 5, {
          processPath: 'C:\\a.exe',
          pid: 8,
          target: 'C:\\Users\\amber\\AppData\\Local\\Temp\\x.exe',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    const seen = new SeenContainers()
    for (const event of view.events(
      ['file-create', 'file-stream', 'process-start', 'device-connect'],
      FIELDS,
    )) {
      const { target, action } = event.fields
      if (event.endpointId === null || action === 'blocked') continue
      if (event.kind === 'device-connect') {
        if (action === 'image-mounted' && target !== undefined && event.at !== null)
          seen.mount(event.endpointId, target, event.at)
      } else if (event.kind === 'process-start') {
        for (const find of extractedByStart(view, event, event.endpointId, seen)) {
          yield find
          yield* ranFromImage(view, event, event.endpointId, find)
        }
        yield* withPassword(view, event, event.endpointId)
      } else yield* extractedByWrite(view, event, event.endpointId, seen)
    }
  },
}
export default rule

function* ranFromImage(
  view: CorrelationView,
  event: ViewEvent,
  endpointId: number,
  find: RelationDraft,
): Generator<Find> {
  if (find.reason !== 'mounted' && find.reason !== 'drive') return
  const process = view.processes.actorOf(event)
  if (!process) return
  yield {
    detection: 'ran_from_image',
    level: find.reason === 'mounted' ? 'high' : 'medium',
    subject: process.draft,
    involved: [endpointId, find.from, find.to],
    at: event.at,
    confidence: find.confidence,
    reason: find.reason,
    ...(find.params === undefined ? {} : { params: find.params }),
    proof: find.proof,
  }
}

/** Passwords as 7-Zip (`-pX`), WinRAR (`-pX`, `-hpX`) and unzip (`-P X`) take them. */
const PASSWORD = /\s-(?:h?p)(?!ath|rogress|assive)[^\s"'][^\s]{0,100}|\s-P\s+\S/
const PACKS = /^\s*"?[^"]*?"?\s+(?:a|u|m)\s/i

/** An archiver that is given a password: what it unpacks no scanner saw, and what it packs nobody will see leave. */
function* withPassword(view: CorrelationView, event: ViewEvent, endpointId: number): Generator<Find> {
  const { processPath = '', commandLine = '' } = event.fields
  if (!isArchiver(processPath) || !PASSWORD.test(commandLine)) return
  const process = view.processes.actorOf(event)
  if (!process) return
  const rest = commandLine.replace(/^\s*(?:"[^"]*"|\S+)/, '')
  yield {
    detection: PACKS.test(`x ${rest.trim()} `) ? 'packed_with_password' : 'unpacked_with_password',
    level: 'medium',
    subject: process.draft,
    involved: [endpointId],
    at: event.at,
    confidence: 0.6,
    reason: 'password',
    params: { program: process.draft.name, command: commandLine.slice(0, 300) },
    proof: proofOf(event),
  }
}
