import { defineHandlers } from '../jobs/handlers.ts'
import { verifyAudit } from '../store/audit.ts'
import { digestCase } from './verify/case-digest.ts'
import { writeCaseManifest } from './verify/case-manifest.ts'
import { Findings } from './verify/findings.ts'
import { checkCase, toVerification } from './verify/verify.ts'

/** What holds of the open case. A case that is not open is answered by the engine itself (`verify.file`). */
export default defineHandlers({
  async 'verify.run'(context, { evidence, report, manifest, key }) {
    const { db, signal, resolveGrant } = context
    const against = {
      evidence: evidence.map((grant) => resolveGrant(grant, 'read')),
      report: report == null ? null : resolveGrant(report, 'read'),
      manifest: manifest == null ? null : resolveGrant(manifest, 'read'),
      key: key == null ? null : resolveGrant(key, 'read'),
    }
    const findings = new Findings()
    const checked = await checkCase(db, null, against, findings, signal, (done, step) =>
      context.progress({ done, step: { key: `verify.step.${step}`, params: {} } }),
    )
    return toVerification(findings, checked)
  },

  'manifest.write': (context, input) => writeCaseManifest(context, input),

  async 'verify.digest'({ db }) {
    const { head, entries } = verifyAudit(db)
    return { digest: await digestCase(db), auditHead: head, auditEntries: entries }
  },
})
