import { basename } from 'node:path'
import { defineHandlers } from '../jobs/handlers.ts'
import { appendAudit } from '../store/audit.ts'
import { writeArchive } from './archive/write-archive.ts'

/** The case in one file. Unpacking needs no case and is answered by the engine itself (`archive.restore`). */
export default defineHandlers({
  async 'archive.write'(context, { grant, evidence, passphrase }) {
    const { db, resolveGrant, signal, casePath, now } = context
    const path = resolveGrant(grant, 'write')
    const written = await writeArchive(db, {
      path,
      casePath,
      folders: evidence.map((folder) => resolveGrant(folder, 'read')),
      passphrase: passphrase ?? null,
      now: now(),
      signal,
      progress: (done, step) => context.progress({ done, step: { key: `archive.step.${step}`, params: {} } }),
    })
    const encrypted = passphrase != null
    const shown = ({ name, sha256, bytes }: (typeof written.evidence)[number]) => ({ name, sha256, bytes })
    const { bytes, sha256 } = written
    if (!context.isReadOnly) {
      const details = {
        file: basename(path),
        bytes,
        sha256,
        encrypted,
        case: written.case.sha256,
        evidence: written.evidence.map((original) => original.sha256),
      }
      db.transaction(() => appendAudit(db, { at: now(), action: 'archive.written', details }))()
      context.changed('audit')
    }
    return {
      path,
      bytes,
      sha256,
      encrypted,
      case: written.case,
      evidence: written.evidence.map(shown),
      missing: written.missing.map(({ name, sha256: hash }) => ({ name, sha256: hash })),
    }
  },
})
