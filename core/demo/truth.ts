import type { RelationKind } from '../model/relation.ts'
import type { RiskLevel } from '../model/verdict.ts'

/** Times are ISO-8601 UTC texts. Entities are named as the contract takes them: `user:MLICHT\mvoss`, `message:<id>`. */
export interface TrueRelation {
  readonly kind: RelationKind
  readonly from: string
  readonly to: string
  readonly at: string | null
}
export interface TrueTouch {
  readonly messageId: string
  readonly action: 'clicked' | 'opened' | 'ran' | 'forwarded' | 'typed-password'
  readonly user: string
  readonly endpoint: string
  readonly at: string
}
export interface TrueExposure {
  readonly messageId: string
  readonly recipient: string
  readonly deliveredAt: string
  readonly clickedAt: string | null
  readonly executedAt: string | null
  readonly endpoint: string | null
}
export interface TrueUser {
  readonly kind: string
  readonly displayName: string
  readonly sid: string
  readonly upn: string
  readonly account: string
  readonly smtp: readonly string[]
  readonly department: string
  readonly endpoint: string | null
}
export interface TrueEndpoint {
  readonly role: string
  readonly fqdn: string
  readonly netbios: string
  readonly sid: string
  readonly ip: string
  readonly hasSensor: boolean
  readonly mailClient: string | null
}
export interface TrueFile {
  readonly name: string
  readonly format: string
  /** Records an importer must read (stored + duplicate + rejected); null where the file is cut off on purpose. */
  readonly records: number | null
  readonly rejected: number
  readonly bytes: number
}
export interface TruePath {
  readonly title: string
  readonly from: string
  readonly to: string
  readonly hops: readonly TrueRelation[]
}

/** What really happened in the demo case, written beside the evidence as `truth.json`. */
export interface Truth {
  readonly schema: 1
  readonly seed: number
  readonly company: {
    readonly name: string
    readonly domain: string
    readonly netbios: string
    readonly mailDomain: string
  }
  readonly cast: Readonly<Record<string, string>>
  readonly users: readonly TrueUser[]
  readonly endpoints: readonly TrueEndpoint[]
  readonly mailboxes: readonly string[]
  /** First is the main one: the attachment that led to the file server. */
  readonly paths: readonly TruePath[]
  /** Further relations that must be found; not all lie on a path. */
  readonly relations: readonly TrueRelation[]
  readonly vectors: readonly {
    readonly messageId: string
    readonly kind: 'link' | 'attachment' | 'forward'
    readonly value: string
    readonly deliveredAt: string
    readonly mailboxes: readonly string[]
  }[]
  readonly touched: readonly TrueTouch[]
  /** Only the messages of the campaign. */
  readonly exposures: readonly TrueExposure[]
  readonly nearMiss: {
    readonly endpoint: string
    readonly from: string
    readonly failures: readonly string[]
    readonly accounts: readonly string[]
  }
  readonly turned: readonly { readonly url: string; readonly from: RiskLevel; readonly to: RiskLevel }[]
  readonly newlyMatching: readonly {
    readonly messageId: string
    readonly mailbox: string
    readonly url: string
  }[]
  readonly noLongerMatching: readonly {
    readonly messageId: string
    readonly mailbox: string
    readonly url: string
    readonly recordedAction: string
    readonly restored: boolean
  }[]
  /** What time of click would have done with every recorded click, by the pack of that moment. */
  readonly clicks: readonly {
    readonly user: string
    readonly url: string
    readonly at: string
    readonly outcome: 'block' | 'warn' | 'allow' | 'not-covered'
    readonly pack: string | null
    readonly recorded: string
  }[]
  readonly excluded: readonly { readonly messageId: string; readonly url: string; readonly why: string }[]
  readonly decoys: readonly {
    readonly name: string
    readonly why: string
    readonly entities: readonly string[]
  }[]
  readonly endpointsWithoutSensor: readonly string[]
  readonly files: readonly TrueFile[]
  /** Records that stand in two files and must be stored once. */
  readonly duplicates: number
  readonly hostileSubjects: readonly string[]
}
