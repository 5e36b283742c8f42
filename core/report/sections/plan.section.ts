import type { Plan } from '../../contract/nouns/plan.ts'
import type { ReportContext } from '../context.ts'
import { number, outside, type Block } from '../document.ts'
import type { Section } from '../section.ts'
import { actionsTaken, stepTable } from './plan/tables.ts'

/** What was done to the messages concerned, and what is proposed: actions taken and remediation plan (UX.md section 8). */
export default {
  id: 'plan',
  order: 160,
  options: [{ id: 'rows', kind: 'number', default: 150, min: 1, max: 20000 }],
  texts: {
    en: {
      'option.rows': 'Rows per table at most',
      title: 'Actions taken and remediation plan',
      description:
        'What the evidence says was done to the messages concerned, and the steps proposed, with reason and decision.',
      lead: 'Redthread carries nothing out. Approved steps are written for the systems that do.',
      run: 'Follows from',
      runAt: 'retro scan {id} of {time} ({zone}), policy ',
      noRun: 'exposure alone; no retro scan was run',
      open: 'Steps not decided',
      approved: 'Steps approved',
      declined: 'Steps declined',
      taken: 'Actions recorded in the evidence ({zone})',
      noneTaken: 'The evidence records no action on these messages.',
      word: 'Recorded as',
      failed: '{word}, failed',
      steps: 'Remediation plan ({zone})',
      noneSteps: 'No step follows from the evidence.',
      about: 'About',
      why: 'Why',
      decision: 'Decision',
      'state.open': 'open',
      'state.approved': 'approved',
      'state.declined': 'declined',
      left: '{count} more row is not printed; the workbench lists it. | {count} more rows are not printed; the workbench lists them.',
    },
    'zh-TW': {
      'option.rows': '每表最多列數',
      title: '已採取的處置與補救計畫',
      description: '證據所載對相關郵件採取的處置，以及建議的步驟、理由與決定。',
      lead: 'Redthread 不會執行任何動作；已核准的步驟會寫出供其他系統執行。',
      run: '依據',
      runAt: '{time}（{zone}）的回溯掃描 {id}，政策 ',
      noRun: '僅依受影響情形；未執行回溯掃描',
      open: '未決定的步驟',
      approved: '已核准的步驟',
      declined: '已拒絕的步驟',
      taken: '證據中記錄的處置（{zone}）',
      noneTaken: '證據中沒有對這些郵件的處置紀錄。',
      word: '記錄為',
      failed: '{word}，失敗',
      steps: '補救計畫（{zone}）',
      noneSteps: '依證據沒有須採取的步驟。',
      about: '對象',
      why: '理由',
      decision: '決定',
      'state.open': '未決定',
      'state.approved': '已核准',
      'state.declined': '已拒絕',
      left: '另有 {count} 列未列印；可於工作台中查看。',
    },
    ja: {
      'option.rows': '表ごとの最大行数',
      title: '実施された処置と対処計画',
      description: '対象メールに対して証拠に記録された処置と、提案する手順、その理由と判断を示します。',
      lead: 'Redthread は何も実行しません。承認した手順は、実行するシステム向けに書き出されます。',
      run: '根拠',
      runAt: '{time}（{zone}）のレトロスキャン {id}、ポリシー ',
      noRun: '影響の状況のみ。レトロスキャンは実行していません',
      open: '未決定の手順',
      approved: '承認した手順',
      declined: '却下した手順',
      taken: '証拠に記録された処置（{zone}）',
      noneTaken: 'これらのメールに対する処置は証拠に記録されていません。',
      word: '記録上の表現',
      failed: '{word}（失敗）',
      steps: '対処計画（{zone}）',
      noneSteps: '証拠から導かれる手順はありません。',
      about: '対象',
      why: '理由',
      decision: '判断',
      'state.open': '未決定',
      'state.approved': '承認',
      'state.declined': '却下',
      left: 'ほか {count} 行は印刷していません。ワークベンチで確認できます。',
    },
  },
  async build(context): Promise<readonly Block[]> {
    const plan = await context.ask('plan.list', {})
    return [
      { block: 'paragraph', text: [context.words('lead')] },
      facts(context, plan),
      ...(await actionsTaken(context, plan)),
      ...(await stepTable(context, plan)),
    ]
  },
} satisfies Section

function facts({ words, time, case: info }: ReportContext, { run, counts }: Plan): Block {
  return {
    block: 'pairs',
    rows: [
      {
        label: words('run'),
        value:
          run === null
            ? [words('noRun')]
            : [words('runAt', { id: run.id, time: time(run.at), zone: info.zone }), outside(run.policy)],
      },
      { label: words('open'), value: [number(counts.open)] },
      { label: words('approved'), value: [number(counts.approved)] },
      { label: words('declined'), value: [number(counts.declined)] },
    ],
  }
}
