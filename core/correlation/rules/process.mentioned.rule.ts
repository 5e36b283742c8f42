import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import { MENTION } from '../mention.ts'
import type { Rule } from '../rule.ts'

const rule: Rule = {
  id: 'process.mentioned',
  // Last: the other rules ask for the processes, this one places those whose start nobody recorded.
  order: 90,
  scope: 'endpoint',
  relations: ['ran-on'],
  attack: [],
  texts: {
    en: {
      title: 'Processes known only by mention',
      description:
        'A process whose start was not recorded, but which other records name as parent, actor or target, is placed on the endpoint of those records.',
      needs: 'Any endpoint record that names a process.',
      falsePositives:
        'Without process GUIDs, several processes of one program with the same process id appear as one.',
      'reason.mention': 'A record of this endpoint names the process; its start was not recorded.',
    },
    'zh-TW': {
      title: '僅被提及的處理程序',
      description:
        '沒有啟動紀錄，但被其他紀錄列為父處理程序、執行者或目標的處理程序，歸於這些紀錄所屬的端點。',
      needs: '任何記載處理程序的端點紀錄。',
      falsePositives: '沒有處理程序 GUID 時，同一程式以相同 PID 執行的多個處理程序會顯示為同一個。',
      'reason.mention': '此端點的紀錄提及該處理程序，但沒有其啟動紀錄。',
    },
    ja: {
      title: '言及のみのプロセス',
      description:
        '起動は記録されていないものの、他の記録に親・実行元・対象として現れるプロセスを、その記録のエンドポイントに配置します。',
      needs: 'プロセスに触れているエンドポイントの記録。',
      falsePositives:
        'プロセス GUID がない場合、同じプログラムが同じプロセス ID で動作した複数のプロセスが 1 つに見えます。',
      'reason.mention': 'このエンドポイントの記録にこのプロセスが現れますが、起動は記録されていません。',
    },
  },
  matches: [
    {
      title: 'a parent from before the log began',
      items: [
        exampleEvent('process-start', 0, {
          processPath: 'C:\\Windows\\System32\\cmd.exe',
          pid: 700,
          parentPid: 600,
          parentPath: 'C:\\Windows\\explorer.exe',
        }),
      ],
      finds: ['ran-on: explorer.exe -> WS-01'],
    },
  ],
  ignores: [
    {
      title: 'processes with a recorded start',
      items: [exampleEvent('process-start', 0, { processPath: 'C:\\Windows\\System32\\cmd.exe', pid: 700 })],
      finds: [],
    },
  ],

  *run(view) {
    // Parents are the mentions every start log has; what other rules come upon is said in the same words (mention.ts).
    for (const process of view.processes.started) if (process.event) view.processes.parentOf(process.event)
    for (const { process, by } of view.processes.mentioned) {
      yield {
        kind: 'ran-on',
        from: process.draft,
        to: process.endpointId,
        at: by.at,
        confidence: MENTION.confidence,
        reason: MENTION.reason,
        proof: proofOf(by),
      }
    }
  },
}
export default rule
