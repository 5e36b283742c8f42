import { dayOf } from '../accounts.ts'
import { proofOf } from '../drafts.ts'
import { exampleEvent } from '../example.ts'
import type { DetectionDraft, Rule } from '../rule.ts'

/** The database wrote down the statement. */
const RECORDED = 0.9
/** A command line holds it. */
const ORDERED = 0.75

/** An audit record of SQL Server. */
const DATABASE_AUDIT = 33205
const STATEMENT =
  /\b(?:(drop)\s+(?:server|database)\s+audit(?:\s+specification)?\b|alter\s+(?:server|database)\s+audit(?:\s+specification)?\b[\s\S]{0,400}?\bstate\s*=\s*(off)\b)/i

const rule: Rule = {
  id: 'evasion.database-audit',
  order: 53,
  relations: [],
  detections: ['audit-removed', 'audit-off'],
  scope: 'endpoint',
  attack: ['T1562.002'],
  texts: {
    en: {
      title: 'The audit of a database removed or switched off',
      description:
        'Somebody removed an audit of SQL Server or its specification, or switched it off: what is done in the database from then on is not written down.',
      needs: 'Audit records of SQL Server (33205), or command lines that hold the statement.',
      falsePositives:
        'Database administrators who rebuild an audit: it is then made anew shortly after. Changing an audit needs it to be off for a moment.',
      'detection.audit-removed': 'The audit of a database was removed',
      'detection.audit-off': 'The audit of a database was switched off',
      'reason.recorded': '{account} on the audit {audit}: {statement}',
      'reason.ordered': '{program} was given the statement: {statement}',
    },
    'zh-TW': {
      title: '資料庫稽核遭移除或關閉',
      description: '有人移除了 SQL Server 的稽核或其規格，或將其關閉：此後在資料庫中的操作不再被記錄。',
      needs: 'SQL Server 的稽核紀錄（33205），或含該陳述式的命令列。',
      falsePositives: '重建稽核的資料庫管理員，之後很快會重新建立。變更稽核時也需要短暫關閉。',
      'detection.audit-removed': '資料庫稽核遭移除',
      'detection.audit-off': '資料庫稽核遭關閉',
      'reason.recorded': '{account} 對稽核 {audit} 執行：{statement}',
      'reason.ordered': '{program} 被給予陳述式：{statement}',
    },
    ja: {
      title: 'データベース監査の削除または停止',
      description:
        'SQL Server の監査またはその仕様が削除されたか、停止されました。以後、データベースで行われたことは記録されません。',
      needs: 'SQL Server の監査記録（33205）、またはそのステートメントを含むコマンドライン。',
      falsePositives:
        '監査を作り直すデータベース管理者（すぐに新しく作成されます）。監査の変更には一時的な停止が必要です。',
      'detection.audit-removed': 'データベースの監査が削除された',
      'detection.audit-off': 'データベースの監査が停止された',
      'reason.recorded': '{account} が監査 {audit} に対して実行：{statement}',
      'reason.ordered': '{program} に渡されたステートメント：{statement}',
    },
  },
  matches: [
    {
      title: 'an audit is switched off, and removed',
      items: [
        exampleEvent('generic', 0, {
          code: 33205,
          account: 'CORP\\amber',
          target: 'Audit-logins',
          outcome: 'success',
          detail: 'ALTER SERVER AUDIT [Audit-logins]\nWITH (STATE = OFF)',
        }),
        exampleEvent('generic', 5, {
          code: 33205,
          account: 'CORP\\amber',
          target: 'Audit-logins',
          outcome: 'success',
          detail: 'DROP SERVER AUDIT [Audit-logins]',
        }),
      ],
      finds: ['!audit-off: CORP\\amber', '!audit-removed: CORP\\amber'],
    },
  ],
  ignores: [
    {
      title: 'an audit that is made and switched on, one that could not be removed, and a table of that name',
      items: [
        exampleEvent('generic', 0, {
          code: 33205,
          account: 'CORP\\amber',
          outcome: 'success',
          detail:
            'CREATE SERVER AUDIT [Audit-logins] TO FILE; ALTER SERVER AUDIT [Audit-logins] WITH (STATE = ON)',
        }),
        exampleEvent('generic', 1, {
          code: 33205,
          account: 'CORP\\amber',
          outcome: 'failure',
          detail: 'DROP SERVER AUDIT [Audit-logins]',
        }),
        exampleEvent('generic', 2, {
          code: 33205,
          account: 'CORP\\amber',
          outcome: 'success',
          detail: 'DROP TABLE audit',
        }),
      ],
      finds: [],
    },
  ],

  *run(view): Generator<DetectionDraft> {
    // Few cases hold records of a database, and all cases very many of no other kind.
    const hasDatabase = view.everyEvent(
      (condition) => `SELECT 1 FROM event WHERE code = ${DATABASE_AUDIT}${condition} LIMIT 1`,
    )
    if (hasDatabase.length > 0)
      for (const event of view.events(['generic'], ['code', 'account', 'target', 'detail', 'outcome'])) {
        const { code, account = '?', target = '?', detail = '', outcome } = event.fields
        const subject = event.userId ?? event.endpointId
        if (code !== DATABASE_AUDIT || outcome === 'failure' || subject === null) continue
        const what = actOf(detail)
        if (what === undefined) continue
        yield {
          detection: what,
          level: 'high',
          subject,
          involved: event.endpointId === null || event.endpointId === subject ? [] : [event.endpointId],
          window: `${dayOf(event.at)}|${target.toLowerCase()}`,
          at: event.at,
          confidence: RECORDED,
          reason: 'recorded',
          params: { account, audit: target, statement: detail.replace(/\s+/g, ' ').slice(0, 200) },
          proof: proofOf(event),
        }
      }
    for (const process of view.processes.started) {
      const what = actOf(process.commandLine)
      if (!process.event || what === undefined) continue
      yield {
        detection: what,
        level: 'high',
        subject: process.draft,
        involved: [process.endpointId],
        window: dayOf(process.startAt),
        at: process.startAt,
        confidence: ORDERED,
        reason: 'ordered',
        params: { program: process.draft.name, statement: process.commandLine.slice(0, 200) },
        proof: proofOf(process.event),
      }
    }
  },
}
export default rule

function actOf(text: string): 'audit-removed' | 'audit-off' | undefined {
  const found = STATEMENT.exec(text.slice(0, 32_768))
  return found ? (found[1] === undefined ? 'audit-off' : 'audit-removed') : undefined
}
