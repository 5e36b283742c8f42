import { caseMethods } from './nouns/case.ts'
import { clockMethods } from './nouns/clock.ts'
import { detectionMethods } from './nouns/detection.ts'
import { eventMethods } from './nouns/event.ts'
import { evidenceMethods } from './nouns/evidence.ts'
import { exportMethods } from './nouns/export.ts'
import { exposureMethods } from './nouns/exposure.ts'
import { graphMethods } from './nouns/graph.ts'
import { identityMethods } from './nouns/identity.ts'
import { mailMethods } from './nouns/mail.ts'
import { mergeMethods } from './nouns/merge.ts'
import { overviewMethods } from './nouns/overview.ts'
import { pictureMethods } from './nouns/picture.ts'
import { planMethods } from './nouns/plan.ts'
import { policyMethods } from './nouns/policy.ts'
import { preferenceMethods } from './nouns/preference.ts'
import { reportMethods } from './nouns/report.ts'
import { reputationMethods } from './nouns/reputation.ts'
import { verifyMethods } from './nouns/verify.ts'
import { sweepMethods } from './nouns/sweep.ts'
import { storyMethods } from './nouns/story.ts'
import { viewMethods } from './nouns/view.ts'
import { workMethods } from './nouns/work.ts'

/** The contract: the one map from which handler types, clients, validation and docs derive (ARCHITECTURE section 4). */
export const methods = {
  ...caseMethods,
  ...evidenceMethods,
  ...eventMethods,
  ...graphMethods,
  ...pictureMethods,
  ...clockMethods,
  ...detectionMethods,
  ...identityMethods,
  ...storyMethods,
  ...exposureMethods,
  ...mailMethods,
  ...reputationMethods,
  ...policyMethods,
  ...planMethods,
  ...sweepMethods,
  ...workMethods,
  ...viewMethods,
  ...reportMethods,
  ...exportMethods,
  ...verifyMethods,
  ...mergeMethods,
  ...overviewMethods,
  ...preferenceMethods,
} as const
export type Methods = typeof methods
export type MethodName = keyof Methods
