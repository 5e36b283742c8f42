import type { CommandContext } from '../jobs/handlers.ts'
import { createHash } from 'node:crypto'
import { appendAudit } from '../store/audit.ts'
import type { ReadStore } from '../store/store.ts'
import { DEFAULT_POLICY, type Policy } from './policy-document.ts'
import { parsePolicy } from './policy-parse.ts'

const latest = 'SELECT document FROM policy ORDER BY id DESC LIMIT 1'
const insert = 'INSERT INTO policy (at, name, document) VALUES (?, ?, ?)'

/** The policy of the case: the last one set, else {@link DEFAULT_POLICY}. Every version set stays in the table. */
export function getPolicy(db: ReadStore): { policy: Policy; isDefault: boolean } {
  const row = db.prepare(latest).get() as { document: string } | undefined
  if (row === undefined) return { policy: DEFAULT_POLICY, isDefault: true }
  return { policy: parsePolicy(JSON.parse(row.document)), isDefault: false }
}

/** Validates and stores a policy. @throws WorkbenchError `policy.invalid` (see {@link parsePolicy}) */
export function setPolicy({ db, now }: Pick<CommandContext, 'db' | 'now'>, document: unknown): Policy {
  const policy = parsePolicy(document)
  const text = JSON.stringify(policy)
  const at = now()
  db.transaction(() => {
    db.prepare(insert).run(at, policy.name, text)
    const sha256 = createHash('sha256').update(text).digest('hex')
    appendAudit(db, {
      at,
      action: 'policy.set',
      details: { name: policy.name, sha256, retroScan: policy.retroScan.enabled },
    })
  })()
  return policy
}
