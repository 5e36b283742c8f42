import { type Asset, isAffectedRole } from '../../contract/nouns/story.ts'
import { assetsOfFinding } from '../../indicators/finding-assets.ts'
import { isForwardTarget } from '../../indicators/of-findings.ts'
import type { ReportContext } from '../context.ts'
import { weightyFindings } from './findings.ts'

const KINDS: ReadonlySet<string> = new Set(['user', 'endpoint', 'mailbox'])

/** Somebody or something that a finding affected. */
export interface FindingPart {
  readonly number: number
  readonly asset: Asset
}

/** Users, endpoints and mailboxes that findings affected, finding by finding. A receiver of forwarded mail outside is none of them. */
export async function affectedByFindings(
  context: ReportContext,
  limit: number,
): Promise<readonly FindingPart[]> {
  const parts: FindingPart[] = []
  for (const { number, finding } of await weightyFindings(context, limit))
    for (const asset of await assetsOfFinding(context.ask, finding.id)) {
      if (!KINDS.has(asset.entity.kind) || !asset.roles.some(isAffectedRole)) continue
      if (await isForwardTarget(context.ask, asset)) continue
      parts.push({ number, asset })
    }
  return parts
}
