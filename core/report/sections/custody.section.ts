import { outside } from '../document.ts'
import { listCustody } from '../facts/custody.ts'
import type { Section } from '../section.ts'
import { shared } from '../words.ts'

/**
 * Plain details of an audit entry as `name=value`. Keys come from a case file that may be foreign: text, not names.
 * Hashes that the manifest prints whole are shortened; paths of the analyst's machine are left out, as everywhere in a report.
 */
const detailText = (details: Readonly<Record<string, unknown>>, whole: ReadonlySet<string>): string =>
  Object.entries(details)
    .filter(([name]) => name !== 'path')
    .map(
      ([name, value]) =>
        `${name}=${typeof value !== 'string' ? JSON.stringify(value) : whole.has(value) ? `${value.slice(0, 16)}…` : value}`,
    )
    .join('; ')

export default {
  id: 'custody',
  order: 60,
  // A long case has tens of thousands of entries; the first and the last ones tell the story, the case holds all.
  options: [{ id: 'rows', kind: 'number', default: 400, min: 2, max: 20_000 }],
  texts: {
    en: {
      title: 'Chain of custody',
      description: 'The audit log: who changed what in the case, and when, as a chain of hashes.',
      intro:
        'Every change of the case is an entry that holds the hash of the one before. An edited or removed entry breaks the chain.',
      whole: 'The chain was recomputed while this report was made: it is whole.',
      broken:
        'The chain was recomputed while this report was made: it is broken at entry {at}. What follows it cannot be relied on.',
      'option.rows': 'Entries at most',
      seq: 'No.',
      actor: 'By',
      action: 'Action',
      details: 'Details',
      hash: 'Hash',
      left: '{count} entry between these is not printed; the case holds it. | {count} entries between these are not printed; the case holds them all.',
      empty: 'The audit log is empty.',
      'action.case.create': 'case created',
      'action.case.zone': 'time zone of the case set',
      'action.evidence.add': 'evidence taken in',
      'action.evidence.imported': 'evidence imported',
      'action.evidence.cancel': 'import cancelled',
      'action.evidence.fail': 'import failed',
      'action.evidence.refuse': 'handed over and not taken',
      'action.evidence.remove': 'evidence removed',
      'action.correlation.run': 'relations computed',
      'action.pack.add': 'pattern pack added',
      'action.policy.set': 'policy set',
      'action.notification.drafts': 'notification drafts written',
      'action.retro.run': 'retro scan run',
      'action.plan.decide': 'remediation plan decided',
      'action.plan.exported': 'remediation plan written',
      'action.report.written': 'report written',
      'action.report.settings': 'settings of the report saved',
      'action.export.written': 'data handed over',
      'action.manifest.written': 'manifest written',
      'action.archive.written': 'archive written',
      'action.work.mark': 'marked by the analyst',
      'action.identity.merge': 'names joined',
      'action.identity.split': 'names split off',
      'action.case.merge': 'case of a colleague merged',
      'action.case.unmerge': 'merge taken back',
    },
    'zh-TW': {
      title: '監管鏈',
      description: '稽核紀錄：何人於何時變更案件中的哪些內容，以雜湊值串連成鏈。',
      intro: '案件的每一次變更都是一筆紀錄，並保存前一筆的雜湊值。任何一筆遭修改或刪除，鏈即中斷。',
      whole: '產生本報告時已重新計算整條鏈：完整無誤。',
      broken: '產生本報告時已重新計算整條鏈：於第 {at} 筆中斷，其後的內容不可信賴。',
      'option.rows': '最多筆數',
      seq: '序號',
      actor: '執行者',
      action: '動作',
      details: '細節',
      hash: '雜湊值',
      left: '其間 {count} 筆未列印；案件中保有全部紀錄。',
      empty: '稽核紀錄是空的。',
      'action.case.create': '建立案件',
      'action.case.zone': '設定案件時區',
      'action.evidence.add': '收入證據',
      'action.evidence.imported': '證據匯入完成',
      'action.evidence.cancel': '取消匯入',
      'action.evidence.fail': '匯入失敗',
      'action.evidence.refuse': '交付但未納入',
      'action.evidence.remove': '移除證據',
      'action.correlation.run': '計算關聯',
      'action.pack.add': '加入特徵碼套件',
      'action.policy.set': '設定政策',
      'action.notification.drafts': '寫出通知草稿',
      'action.retro.run': '執行回溯掃描',
      'action.plan.decide': '決定補救計畫',
      'action.plan.exported': '輸出補救計畫',
      'action.report.written': '寫出報告',
      'action.report.settings': '儲存報告設定',
      'action.export.written': '移交資料',
      'action.manifest.written': '寫出清單',
      'action.archive.written': '寫出封存檔',
      'action.work.mark': '分析人員標記',
      'action.identity.merge': '合併名稱',
      'action.identity.split': '拆分名稱',
      'action.case.merge': '合併同事的案件',
      'action.case.unmerge': '撤回合併',
    },
    ja: {
      title: '証拠管理記録',
      description: '監査ログ：誰が、いつ、ケースの何を変更したかをハッシュの連鎖で示します。',
      intro:
        'ケースの変更はすべて、直前の項目のハッシュを含む項目として記録されます。項目が編集または削除されると連鎖は途切れます。',
      whole: '本報告書の作成時に連鎖を再計算し、完全であることを確認しました。',
      broken:
        '本報告書の作成時に連鎖を再計算したところ、項目 {at} で途切れています。以降の内容は信頼できません。',
      'option.rows': '最大項目数',
      seq: '番号',
      actor: '実行者',
      action: '操作',
      details: '詳細',
      hash: 'ハッシュ',
      left: 'この間の {count} 件は印刷していません。ケースにはすべて残っています。',
      empty: '監査ログは空です。',
      'action.case.create': 'ケースを作成',
      'action.case.zone': 'ケースのタイムゾーンを設定',
      'action.evidence.add': '証拠を受け入れ',
      'action.evidence.imported': '証拠の取り込み完了',
      'action.evidence.cancel': '取り込みを中止',
      'action.evidence.fail': '取り込みに失敗',
      'action.evidence.refuse': '渡されたが取り込まれなかった',
      'action.evidence.remove': '証拠を除去',
      'action.correlation.run': '関係を計算',
      'action.pack.add': 'パターンパックを追加',
      'action.policy.set': 'ポリシーを設定',
      'action.notification.drafts': '通知の下書きを出力',
      'action.retro.run': 'レトロスキャンを実行',
      'action.plan.decide': '対処計画を決定',
      'action.plan.exported': '対処計画を書き出し',
      'action.report.written': '報告書を出力',
      'action.report.settings': '報告書の設定を保存',
      'action.export.written': 'データを引き渡し',
      'action.manifest.written': 'マニフェストを出力',
      'action.archive.written': 'アーカイブを出力',
      'action.work.mark': '分析者が印を付与',
      'action.identity.merge': '名前を統合',
      'action.identity.split': '名前を分離',
      'action.case.merge': '同僚のケースを統合',
      'action.case.unmerge': '統合を取り消し',
    },
  },
  async build(context) {
    const { words, time, ask, case: info } = context
    const most = context.count('rows')
    const [rows, chain, items] = await Promise.all([
      listCustody(context),
      ask('audit.verify', {}),
      ask('evidence.list', {}),
    ])
    const hashes = new Set(items.map((item) => item.sha256))
    const shown =
      rows.length <= most
        ? rows
        : [...rows.slice(0, Math.ceil(most / 2)), ...rows.slice(-Math.floor(most / 2))]
    const left = rows.length - shown.length
    return [
      {
        block: 'paragraph',
        text: [words('intro'), chain.ok ? words('whole') : words('broken', { at: chain.brokenAt ?? 0 })],
      },
      {
        block: 'table',
        columns: [
          { header: words('seq'), width: 6, align: 'right' },
          { header: shared('column.time', { zone: info.zone }), width: 13 },
          { header: words('actor'), width: 8 },
          { header: words('action'), width: 13 },
          { header: words('details'), width: 46 },
          { header: words('hash'), width: 14 },
        ],
        rows: shown.map((row) => ({
          cells: [
            [outside(String(row.seq))],
            [outside(time(row.at))],
            [outside(row.actor)],
            [
              { ...words(`action.${row.action}`), fallback: row.action },
              ...(row.evidenceId === null ? [] : [{ kind: 'cite' as const, ref: `E${row.evidenceId}` }]),
            ],
            [outside(detailText(row.details, hashes))],
            [outside(`${row.hash.slice(0, 12)}…`, 'mono')],
          ],
        })),
        empty: words('empty'),
      },
      ...(left > 0
        ? [{ block: 'paragraph' as const, text: [words('left', { count: left })], look: 'note' as const }]
        : []),
    ]
  },
} satisfies Section
