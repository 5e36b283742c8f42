import { currentDirectory } from '../current-directory.ts'
import { locationOf } from '../file-location.ts'
import { fileOn, proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { openedFiles } from '../opened-files.ts'
import { isInSystemFolder } from '../system-folders.ts'
import type { Rule } from '../rule.ts'

/** The program opens what it is given; that it could (the file was there, not locked) is not in the record. */
const KNOWN_PROGRAM = 0.9
/** Known only by shape: one argument, a document. */
const BY_SHAPE = 0.65

const rule: Rule = {
  id: 'file.opened',
  order: 24,
  scope: 'endpoint',
  relations: ['executed-as', 'located-on'],
  attack: ['T1204.002', 'T1059', 'T1218'],
  texts: {
    en: {
      title: 'Files opened by a program',
      description:
        'The command line of a process names the document, script, library, archive or installer that it opens. Only arguments that the program opens are taken, not those it writes or passes on.',
      needs: 'Process start records with command lines (Sysmon 1, Security 4688 with command line auditing).',
      falsePositives:
        'The program may have failed to open the file. For programs that are not known, one document as the only argument counts as opened.',
      'reason.argument': '{program} was started with this file to open.',
      'reason.only_argument': '{program} was started with this document as its only argument.',
      'reason.host': 'The file was opened on this endpoint.',
      'reason.share': 'The path of the file names a share of this endpoint.',
    },
    'zh-TW': {
      title: '程式開啟的檔案',
      description:
        '處理程序的命令列載明其開啟的文件、指令碼、程式庫、壓縮檔或安裝檔。只採用程式實際會開啟的引數，不採用其寫入或轉交的引數。',
      needs: '含命令列的處理程序啟動紀錄（Sysmon 1、已啟用命令列稽核的安全性 4688）。',
      falsePositives: '程式可能並未成功開啟檔案。對於未知的程式，若唯一的引數是文件，即視為已開啟。',
      'reason.argument': '{program} 啟動時指定開啟此檔案。',
      'reason.only_argument': '{program} 啟動時以此文件作為唯一引數。',
      'reason.host': '檔案在此端點上被開啟。',
      'reason.share': '檔案路徑指向此端點的共用資料夾。',
    },
    ja: {
      title: 'プログラムが開いたファイル',
      description:
        'プロセスのコマンドラインには、開く文書・スクリプト・ライブラリ・アーカイブ・インストーラーが現れます。プログラムが実際に開く引数だけを採り、書き込み先や受け渡しの引数は採りません。',
      needs:
        'コマンドラインを含むプロセス起動の記録（Sysmon 1、またはコマンドラインの監査を有効にしたセキュリティ 4688）。',
      falsePositives:
        'ファイルを開くことに失敗している場合があります。未知のプログラムでは、引数が文書 1 つだけの場合に開いたものとみなします。',
      'reason.argument': '{program} は、このファイルを開くよう指定されて起動しました。',
      'reason.only_argument': '{program} は、この文書を唯一の引数として起動しました。',
      'reason.host': 'このファイルはこのエンドポイントで開かれました。',
      'reason.share': 'ファイルのパスがこのエンドポイントの共有フォルダーを指しています。',
    },
  },
  matches: [
    {
      title: 'Word opens an attachment, a script host a script named relative to its folder',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE',
          pid: 10,
          commandLine: '"WINWORD.EXE" /n "C:\\Users\\amber\\AppData\\Local\\Temp\\order 7.docm" /o ""',
        }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\wscript.exe',
          pid: 12,
          commandLine: 'wscript.exe run.js',
          detail: 'IntegrityLevel: Medium; CurrentDirectory: C:\\Users\\amber\\Downloads\\',
        }),
      ],
      finds: [
        'executed-as: order 7.docm -> WINWORD.EXE',
        'located-on: order 7.docm -> WS-01',
        'executed-as: run.js -> wscript.exe',
      ],
    },
    {
      title: 'a library on a share of a known server',
      items: [
        exampleEvent('system-start', 0, { host: 'FS01.corp.example' }),
        exampleEvent('process-start', 5, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 12,
          commandLine: 'rundll32.exe \\\\fs01\\data\\a.dll,Start',
        }),
      ],
      finds: ['executed-as: a.dll -> rundll32.exe', 'located-on: a.dll -> FS01'],
    },
  ],
  ignores: [
    {
      title: 'files that are copied, packed or written, and libraries of Windows itself',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 10,
          commandLine: 'cmd.exe /c copy C:\\a.docx C:\\b.docx',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\schtasks.exe',
          pid: 11,
          commandLine: 'schtasks /create /tn x /tr C:\\ProgramData\\a.exe',
        }),
        exampleEvent('process-start', 2, {
          processPath: 'C:\\Windows\\System32\\rundll32.exe',
          pid: 12,
          commandLine: 'rundll32.exe C:\\Windows\\System32\\shell32.dll,Control_RunDLL',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    for (const event of view.events(
      ['process-start'],
      ['processPath', 'commandLine', 'pid', 'processGuid', 'detail'],
    )) {
      const { processPath, commandLine, detail } = event.fields
      if (event.endpointId === null || processPath === undefined || commandLine === undefined) continue
      for (const { path, isKnown } of openedFiles(processPath, commandLine, currentDirectory(detail))) {
        // Windows runs its own libraries and scripts this way all day.
        if (isInSystemFolder(path)) continue
        const process = view.processes.actorOf(event)
        if (!process) continue
        const file = fileOn(view.entity(event.endpointId), path)
        const base = { at: event.at, proof: proofOf(event) }
        yield {
          ...base,
          kind: 'executed-as',
          from: file,
          to: process.draft,
          confidence: isKnown ? KNOWN_PROGRAM : BY_SHAPE,
          reason: isKnown ? 'argument' : 'only_argument',
          params: { program: process.draft.name },
        }
        const place = locationOf(view, event.endpointId, path)
        if (place)
          yield {
            ...base,
            kind: 'located-on',
            from: file,
            to: place.endpointId,
            confidence: KNOWN_PROGRAM,
            reason: place.isShare ? 'share' : 'host',
          }
      }
    }
  },
}
export default rule
