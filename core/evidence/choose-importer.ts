import type { Importer } from '../importers/importer.ts'
import { detectFormat, findImporter } from '../importers/registry.ts'
import { WorkbenchError } from '../model/errors.ts'
import type { EvidenceFile } from './evidence-file.ts'
import { detectInput, openParts, type EvidencePart } from './parts.ts'

/** Below this the analyst is asked which format it is. */
const MIN_CONFIDENCE = 0.15
/** Two formats closer than this are a tie. */
const TIE = 0.02

/** A file no importer knows is refused before anything is written. */
export async function assertRecognised(file: EvidenceFile, format: string | null): Promise<void> {
  if (format !== null) {
    if (!findImporter(format)) throw new WorkbenchError('request.not_found', { what: format })
    return
  }
  const { parts, problems } = await openParts(file, () => undefined)
  for (const part of parts) if ((await choose(part)) !== undefined) return
  if (parts.length === 0 && problems.some((problem) => problem.code === 'archive.encrypted_member')) {
    throw new WorkbenchError('evidence.encrypted', { name: file.name })
  }
  throw new WorkbenchError('evidence.unrecognised', { name: file.name })
}

/** The importer for a part; undefined when none is sure enough. A tie goes to the lead and is `evidence.ambiguous`. */
async function choose(part: EvidencePart): Promise<{ importer: Importer; confidence: number } | undefined> {
  const [best, second] = detectFormat(await detectInput(part))
  if (!best || best.confidence < MIN_CONFIDENCE) return undefined
  if (second && best.confidence - second.confidence < TIE) {
    throw new WorkbenchError('evidence.ambiguous', {
      name: part.name,
      formats: [best.importer.id, second.importer.id],
    })
  }
  return best
}

/** In an archive an unknown or ambiguous member is an issue; a lone file with a tie asks. */
export async function choosePart(
  part: EvidencePart,
  isArchive: boolean,
): Promise<{ importer: Importer; confidence: number } | undefined> {
  try {
    return await choose(part)
  } catch (thrown) {
    if (isArchive && thrown instanceof WorkbenchError && thrown.code === 'evidence.ambiguous')
      return undefined
    throw thrown
  }
}
