import { z } from 'zod'
import { command, host, query } from '../define.ts'
import { Count, IsoTime, Nothing } from '../shapes.ts'

export const CaseInfo = z.object({
  /** File name without folder. */
  name: z.string(),
  caseId: z.string(),
  createdAt: IsoTime,
  /** IANA zone used for display and for times without a zone. */
  zone: z.string(),
  readOnly: z.boolean(),
  /** The file was moved or deleted while it is open for writing: what is written now is in no file that anybody finds. */
  isGone: z.boolean().optional(),
  schemaVersion: z.number().int(),
  toolVersion: z.string(),
  auditHead: z.string(),
  isDemo: z.boolean(),
  counts: z.object({
    evidence: Count,
    events: Count,
    /** Messages, each once however many mailboxes and exports hold a copy; before the first correlation copies are not joined yet. */
    messages: Count,
    /** Copies as recorded: one for each mailbox and export that names it. */
    messageCopies: Count,
    directoryObjects: Count,
    entities: Count,
    relations: Count,
    issues: Count,
  }),
  /** Evidence changed since relations were last computed. */
  correlationStale: z.boolean(),
  /** Rules that failed when relations were last computed: what they find is missing. */
  failedRules: z.array(z.string()),
})
export type CaseInfo = z.infer<typeof CaseInfo>

export const PickedFile = z.object({
  grant: z.string(),
  name: z.string(),
  bytes: Count,
  isFolder: z.boolean(),
})

/** `lifecycle` methods are answered by the engine itself: they open and close the connections all others use. */
export const caseMethods = {
  'case.info': query(Nothing, CaseInfo.nullable()),
  'case.create': command(
    z.strictObject({
      grant: z.string(),
      zone: z.string().default('UTC'),
      isDemo: z.boolean().default(false),
    }),
    CaseInfo,
  ),
  'case.open': command(z.strictObject({ grant: z.string() }), CaseInfo),
  /** Writes the open case, as it stands, into a new file; also when its own is gone. */
  'case.copy': command(z.strictObject({ grant: z.string() }), z.object({ path: z.string() })),
  'case.close': command(Nothing, Nothing),
  'case.setZone': command(z.strictObject({ zone: z.string() }), CaseInfo),
  /** Chosen by the host: `native` dialogs (desktop), `browse` (in-app picker, browser mode), `paths` (CLI). */
  'host.info': host(
    Nothing,
    z.object({
      host: z.enum(['desktop', 'browser', 'cli']),
      files: z.enum(['native', 'browse', 'paths']),
      version: z.string(),
    }),
  ),
  /** Native dialog; desktop only. Empty list when the user cancels. */
  'file.pick': host(
    z.strictObject({
      purpose: z.enum([
        'evidence',
        'evidence-folder',
        'case-open',
        'case-create',
        'pack',
        'pack-folder',
        'indicators',
        'policy',
        'report-html',
        'report-pdf',
        'plan-powershell',
        'plan-graph',
        'plan-json',
        'plan-csv',
        'notification-drafts',
        'key',
        'export',
      ]),
      /** Ending of the file that is to be written, for the purpose `export`. */
      extension: z
        .string()
        .regex(/^[a-z]{1,12}$/)
        .nullish(),
    }),
    z.array(PickedFile),
  ),
  /** One folder of the machine, for the in-app picker; browser mode only. No path: the user's home folder. */
  'file.list': host(
    z.strictObject({ path: z.string().nullish() }),
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      entries: z.array(
        z.object({ name: z.string(), path: z.string(), isFolder: z.boolean(), bytes: Count.nullable() }),
      ),
    }),
  ),
  /** Turns a path chosen in the in-app picker into a grant; browser mode only. */
  'file.grant': host(z.strictObject({ path: z.string(), write: z.boolean().default(false) }), PickedFile),
} as const
