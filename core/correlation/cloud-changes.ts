import type { DetectionLevel } from '../model/detection.ts'
import { GRANTS } from './app-grants.ts'

/** What an entry of the directory's audit log means. */
export interface CloudChange {
  readonly pattern: RegExp
  readonly detection:
    | 'app-consent'
    | 'app-credentials'
    | 'app-created'
    | 'federation-changed'
    | 'sign-in-protection-changed'
    | 'app-owner'
    | 'device-registered'
  readonly level: DetectionLevel
  /** Everybody does it now and then: told after an odd sign-in only. */
  readonly isOnlyAfterOdd?: true
}

/** The first that fits decides. */
const CHANGES: readonly CloudChange[] = [
  { pattern: GRANTS, detection: 'app-consent', level: 'low' },
  {
    pattern:
      /certificates and secrets management|^add service principal credentials|^update application.*\bcredential/i,
    detection: 'app-credentials',
    level: 'medium',
  },
  {
    pattern:
      /^(?:set federation settings on domain|set domain authentication|add partner to company|add unverified domain|set company information\b.*federat)/i,
    detection: 'federation-changed',
    level: 'high',
  },
  {
    pattern:
      /^(?:disable strong authentication|delete conditional access policy|update conditional access policy|admin (?:deleted|updated) security info|user (?:registered|deleted) (?:all )?security info|admin registered security info)/i,
    detection: 'sign-in-protection-changed',
    level: 'low',
  },
  {
    // The audit log has three entries for one device (Microsoft Entra: Device Registration Service and Core Directory).
    pattern: /^(?:register device|add registered (?:owner|users?) to device|add device)\b/i,
    detection: 'device-registered',
    level: 'low',
    isOnlyAfterOdd: true,
  },
  { pattern: /^add owner to (?:application|service principal)/i, detection: 'app-owner', level: 'low' },
  { pattern: /^add (?:service principal|application)\b\.?$/i, detection: 'app-created', level: 'low' },
]

/** What an operation changed about applications, trust, devices or the protection of sign-ins; undefined when it is none of these. */
export const cloudChangeOf = (action: string): CloudChange | undefined =>
  CHANGES.find(({ pattern }) => pattern.test(action.trim()))
