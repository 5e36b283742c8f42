import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { Find, Rule } from '../rule.ts'
import { scriptProcess } from '../script-process.ts'

/** The script names the process and the function that writes its memory to a file. */
const DUMPS = 0.85
/** Read up to here; importers cut longer blocks at about this length. */
const MAX_SCRIPT = 16_384

const FUNCTION = /MiniDumpWriteDump|comsvcs\.dll[^\n]{0,40}(?:MiniDump|#\+?24)/i
const PROCESS = /\blsass\b/i
/** A page about the function, or a rule that looks for it, does not call it. */
const CALLS = /get-process|\.id\b|\[int(?:ptr)?\]|rundll32|invoke\(|\.handle\b|::minidump/i

const rule: Rule = {
  id: 'credentials.script',
  order: 53,
  relations: ['accessed-credentials'],
  attack: ['T1003.001', 'T1059.001'],
  texts: {
    en: {
      title: 'Credentials read by a script',
      description:
        'A script names lsass and calls the function that writes the memory of a process to a file: passwords and tickets of everybody logged on are in it.',
      needs: 'Script blocks (4104).',
      falsePositives: 'Scripts that dump lsass for its maker after a crash.',
      'reason.dumps': 'A script writes the memory of lsass on {host} to a file.',
    },
    'zh-TW': {
      title: '以指令碼讀取認證',
      description:
        '指令碼提及 lsass，並呼叫將處理程序記憶體寫入檔案的函式：其中含有所有已登入者的密碼與票證。',
      needs: '指令碼區塊（4104）。',
      falsePositives: '當機後為原廠傾印 lsass 的指令碼。',
      'reason.dumps': '指令碼將 {host} 上 lsass 的記憶體寫入檔案。',
    },
    ja: {
      title: 'スクリプトによる資格情報の読み取り',
      description:
        'スクリプトが lsass を名指しし、プロセスのメモリをファイルに書き出す関数を呼び出します。ログオン中の全員のパスワードやチケットが含まれます。',
      needs: 'スクリプトブロック（4104）。',
      falsePositives: 'クラッシュ後に製造元へ送るため lsass をダンプするスクリプト。',
      'reason.dumps': 'スクリプトが {host} の lsass のメモリをファイルに書き出します。',
    },
  },
  matches: [
    {
      title: 'a script that writes the memory of lsass to a file',
      items: [
        exampleEvent('script-block', 0, {
          account: 'CORP\\amber',
          detail:
            '$p = Get-Process lsass; $m = $WERNativeMethods.GetMethod("MiniDumpWriteDump"); $m.Invoke($null, @($p.Handle, $p.Id))',
        }),
      ],
      finds: ['accessed-credentials: CORP\\amber -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'a dump of a crashed program, and a rule that looks for such scripts',
      items: [
        exampleEvent('script-block', 0, {
          account: 'CORP\\amber',
          detail: '$p = Get-Process myapp; $m.GetMethod("MiniDumpWriteDump").Invoke($null, @($p.Handle))',
        }),
        exampleEvent('script-block', 1, {
          account: 'CORP\\amber',
          detail: '# detects MiniDumpWriteDump on lsass\n$words = "MiniDumpWriteDump", "lsass"',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<Find> {
    for (const event of view.events(['script-block'], ['detail', 'pid', 'processGuid', 'account'])) {
      const text = (event.fields.detail ?? '').slice(0, MAX_SCRIPT)
      if (event.endpointId === null || !FUNCTION.test(text) || !PROCESS.test(text) || !CALLS.test(text))
        continue
      const ran = scriptProcess(view, event)?.process.draft
      const from = ran ?? event.userId
      if (from === null) continue
      yield {
        kind: 'accessed-credentials',
        from,
        to: event.endpointId,
        at: event.at,
        confidence: DUMPS,
        reason: 'dumps',
        params: { host: view.entity(event.endpointId).name },
        proof: proofOf(event),
      }
    }
  },
}
export default rule
