import { existsSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { Manifest } from '../../contract/nouns/verify.ts'
import { hashFile } from './case-bytes.ts'
import type { Findings } from './findings.ts'
import { readManifest } from './manifest.ts'
import { keyFingerprint, readPublicKey } from './signing.ts'

/** Does the manifest carry a signature that holds, and is it of the key that was named? */
export async function checkSigner(path: string, key: string | null, findings: Findings): Promise<void> {
  const name = basename(path)
  const { manifest, signed } = await readManifest(path)
  const wanted = key === null ? null : keyFingerprint(await readPublicKey(key))
  if (manifest === undefined) return
  if (signed === null) {
    if (wanted !== null) findings.problem('manifest.unsigned', name)
    return
  }
  const { isValid, fingerprint } = signed
  if (!isValid) findings.problem('manifest.signature', name)
  else if (wanted !== null && wanted !== fingerprint)
    findings.problem('manifest.other_key', name, { fingerprint, wanted })
  else findings.holds(wanted === null ? 'holds.signed' : 'holds.signed_by', name, { fingerprint })
}

/**
 * Reports and exports that lie beside the manifest under the names it lists: are they as they were? Others were taken
 * elsewhere. `told`: the report that is compared by itself.
 */
export async function checkFilesBeside(
  path: string,
  { files }: Manifest,
  told: string | null,
  findings: Findings,
  signal?: AbortSignal,
): Promise<void> {
  let count = 0
  const names = new Map(files.filter(({ role }) => role !== 'figure').map((file) => [file.name, file]))
  for (const { name } of names.values()) {
    const place = join(dirname(path), name)
    // Names come from the manifest: nothing but a name in the same folder is followed.
    if (name !== basename(name) || name === '..' || place === told || !existsSync(place)) continue
    const { sha256 } = await hashFile(place, signal)
    // The same name may have been written more than once: any of them will do.
    if (files.some((file) => file.name === name && file.sha256 === sha256)) count += 1
    else findings.problem('file.changed', name, { sha256 })
  }
  if (count > 0) findings.holds('holds.files', basename(path), { count })
}
