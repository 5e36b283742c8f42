import { z } from 'zod'
import { command, query, readingJob } from '../define.ts'
import { Count, IsoTime, Nothing, TextRef } from '../shapes.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/)

/** Rows of one table of the case. `records`: the same without what correlation derives; null where nothing is derived. */
export const TableDigest = z.object({ rows: Count, sha256: Sha256, records: Sha256.nullable() })

/**
 * The content of a case in one hash: every row of every table but the audit log (which has its own chain), the job list and what
 * SQLite derives (indexes). The same content has the same digest whatever the pages of the file look like.
 */
export const CaseDigest = z.object({
  sha256: Sha256,
  schemaVersion: z.number().int(),
  tables: z.record(z.string(), TableDigest),
})
export type CaseDigest = z.infer<typeof CaseDigest>

export const MANIFEST_ROLES = ['report', 'figure', 'export', 'evidence', 'other'] as const

/** Ed25519 (RFC 8032) over the manifest's bytes with zeros for `self` and `A…==` for `value`; the key is SPKI in DER, base64. */
export const ManifestSignature = z.object({
  algorithm: z.literal('Ed25519'),
  publicKey: z.string().max(200),
  value: z.string().regex(/^[A-Za-z0-9+/]{86}==$/),
})
export type ManifestSignature = z.infer<typeof ManifestSignature>

/**
 * What a case and the files made of it were at one time, to be kept somewhere else: only from outside can a change be seen that
 * somebody made good. `self` is the SHA-256 of the manifest's own bytes with 64 zeros in its place.
 */
export const Manifest = z.looseObject({
  schema: z.literal(1),
  kind: z.literal('redthread-manifest'),
  createdAt: IsoTime,
  tool: z.object({ name: z.string(), version: z.string() }),
  case: z.object({
    id: z.string(),
    name: z.string(),
    digest: CaseDigest,
    auditHead: Sha256,
    auditEntries: Count,
    /** The file itself, when it was not open: `calm` is its hash without the counters SQLite keeps in its header. */
    file: z.object({ bytes: Count, sha256: Sha256, calm: Sha256 }).nullable(),
  }),
  evidence: z.array(z.object({ id: z.string(), name: z.string(), sha256: z.string(), bytes: Count })),
  files: z.array(z.object({ role: z.enum(MANIFEST_ROLES), name: z.string(), sha256: Sha256, bytes: Count })),
  /** What made the statements: correlation rules by id, pattern packs as `name@version` with their hash. */
  rules: z.array(z.string()).optional(),
  packs: z.array(z.object({ name: z.string(), version: z.string(), sha256: z.string() })).optional(),
  signature: ManifestSignature.optional(),
  self: Sha256,
})
export type Manifest = z.infer<typeof Manifest>

/** `problem`: something does not hold. `note`: something could not be compared, or differs without being wrong. */
export const Finding = z.object({
  code: z.string(),
  level: z.enum(['problem', 'note']),
  what: TextRef,
  /** Table, evidence, entry or file it is about. */
  where: z.string(),
})
export type Finding = z.infer<typeof Finding>

export const Verification = z.object({
  /** No finding is a problem. */
  ok: z.boolean(),
  findings: z.array(Finding),
  /** What was looked at and holds. */
  holds: z.array(Finding.omit({ level: true })),
  /** SHA-256 of the content; null when it cannot be read. */
  digest: Sha256.nullable(),
  auditHead: z.string().nullable(),
})
export type Verification = z.infer<typeof Verification>

const Against = {
  /** Folders with originals, found by their hash, whatever they are called. */
  evidence: z.array(z.string()).max(100).default([]),
  report: z.string().nullish(),
  manifest: z.string().nullish(),
  /** File with a public key (PEM): the manifest must be signed with it. */
  key: z.string().nullish(),
}

export const verifyMethods = {
  /** Everything that can be checked of the open case. */
  'verify.run': readingJob(z.strictObject(Against), Verification),
  /**
   * The same of a case that is not open, without writing a byte to it; damage is a finding, never an error. `save`: writes a manifest of
   * what was found, unless there is a problem.
   */
  'verify.file': command(
    z.strictObject({ grant: z.string(), ...Against, save: z.string().nullish() }),
    Verification.extend({ saved: z.object({ path: z.string(), sha256: z.string() }).nullable() }),
  ),
  /**
   * Writes a manifest of the open case: its content, its originals, the files given (reports, exports), every export and figure that the
   * log of the case names, the rules and packs. With a private key (Ed25519, PEM) it is signed; the key is read, never kept.
   * @throws `key.invalid`, `request.not_found`
   */
  'manifest.write': readingJob(
    z.strictObject({
      grant: z.string(),
      files: z.array(z.string()).max(200).default([]),
      key: z.string().nullish(),
      passphrase: z.string().max(1000).nullish(),
    }),
    z.object({
      path: z.string(),
      bytes: Count,
      sha256: Sha256,
      files: Count,
      /** SHA-256 of the public key; null: not signed. */
      signer: z.string().nullable(),
    }),
  ),
  /** Makes a key pair: the private key where the grant says, the public one beside it as `.pub`. No case need be open. */
  'manifest.key': command(
    z.strictObject({ grant: z.string(), passphrase: z.string().min(8).max(1000).nullish() }),
    z.object({ path: z.string(), publicPath: z.string(), fingerprint: z.string() }),
  ),
  /** Digest and anchor of the case for a manifest. Reads every row: for jobs, not for screens. */
  'verify.digest': query(
    Nothing,
    z.object({ digest: CaseDigest, auditHead: z.string(), auditEntries: Count }),
  ),
  /** One file with a copy of the case, the originals found in the folders given, and a manifest; with a passphrase encrypted (age). */
  'archive.write': readingJob(
    z.strictObject({
      grant: z.string(),
      evidence: z.array(z.string()).max(100).default([]),
      passphrase: z.string().min(8).max(1000).nullish(),
    }),
    z.object({
      path: z.string(),
      bytes: Count,
      sha256: z.string(),
      encrypted: z.boolean(),
      case: z.object({ sha256: z.string(), bytes: Count }),
      evidence: z.array(z.object({ name: z.string(), sha256: z.string(), bytes: Count })),
      /** Evidence of the case that no folder held. */
      missing: z.array(z.object({ name: z.string(), sha256: z.string() })),
    }),
  ),
  /** Unpacks an archive into a new or empty folder, every file compared with the manifest. No case need be open. */
  'archive.restore': command(
    z.strictObject({ grant: z.string(), folder: z.string(), passphrase: z.string().max(1000).nullish() }),
    z.object({
      ok: z.boolean(),
      findings: z.array(Finding),
      folder: z.string(),
      files: z.array(z.object({ name: z.string(), role: z.string(), sha256: z.string(), bytes: Count })),
    }),
  ),
} as const
