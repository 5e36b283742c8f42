import { basename, resolve } from 'node:path'
import packageJson from '../package.json' with { type: 'json' }
import { messagesOf } from './catalog.ts'
import { methods, type MethodName } from './contract/methods.ts'
import type { CaseInfo } from './contract/nouns/case.ts'
import { NOUNS, type EngineEvent, type ParsedInputOf, type Reply, type Transport } from './contract/types.ts'
import { restoreArchive } from './export/archive/restore-archive.ts'
import { makeKey } from './export/verify/signing.ts'
import { verifyFile } from './export/verify/verify.ts'
import { handlers } from './handlers.ts'
import { Grants, type Access } from './jobs/grants.ts'
import { CaselessWork } from './jobs/caseless-work.ts'
import type { QueryContext } from './jobs/handlers.ts'
import { inlineJobs } from './jobs/inline-port.ts'
import { JobBook } from './jobs/job-book.ts'
import type { JobPort } from './jobs/job-port.ts'
import { guardOutputs } from './jobs/output-place.ts'
import { ReadingJobs } from './jobs/reading-jobs.ts'
import { threadJobs } from './jobs/thread-port.ts'
import { noteDefect } from './local/defect-log.ts'
import { toPlainError, WorkbenchError } from './model/errors.ts'
import { judgeInput } from './reputation/judge-message.ts'
import { printWithChromium } from './report/print/chromium.ts'
import { createCase, openForReading, type ReadableCase } from './store/case-file.ts'
import { readCaseInfo } from './store/case-info.ts'
import { CasePlace } from './store/case-place.ts'
import { saveCopy } from './store/copy-case.ts'
import { toStoreError } from './store/errors.ts'
import { warmSegments } from './store/text-segments.ts'

export interface EngineOptions {
  readonly files: 'native' | 'browse' | 'paths'
  readonly host: 'desktop' | 'browser' | 'cli'
  /** `inline` runs commands in the caller's thread (tests, kill tests); `thread` needs the built job-thread.js. */
  readonly jobs: 'thread' | 'inline'
  readonly jobThreadUrl?: URL
  /** How the desktop prints; absent: the machine's Chromium, Chrome or Edge. */
  readonly printer?: (html: string, paper: 'A4' | 'Letter') => Promise<Uint8Array>
  /** Microseconds since 1970 UTC. */
  readonly now?: () => number
  /** Checks every reply against the contract; tests do. */
  readonly checkReplies?: boolean
}

export interface Engine extends Transport {
  /** Token for a path a human chose; the path itself in `paths` mode. */
  grant(path: string, access: Access): Promise<string>
  close(): Promise<void>
}

interface OpenCase {
  readonly path: string
  readonly reader: ReadableCase
  readonly place: CasePlace
  /** Why it cannot be changed (`store.locked`: another program has it; `store.read_only`: the place); null when it can. */
  readonly readOnly: 'store.locked' | 'store.read_only' | 'store.disk_full' | null
}

/** Opens no case yet. One engine holds at most one open case. */
export function createEngine(options: EngineOptions): Engine {
  const listeners = new Set<(event: EngineEvent) => void>()
  const book = new JobBook()
  const emit = (event: EngineEvent) => {
    book.note(event)
    for (const listener of listeners) listener(event)
  }
  const readingJobs = new ReadingJobs({ handlers, emit, keep: (jobId, result) => book.keep(jobId, result) })
  const caseless = new CaselessWork(emit)
  const grants = new Grants(options.files === 'paths')
  const now = options.now ?? (() => Date.now() * 1000)
  const printer = options.printer
  const hostPrint: QueryContext['print'] | undefined = printer
    ? async (html, paper) => ({ pdf: await printer(html, paper), by: options.host })
    : undefined
  const print = hostPrint ?? printWithChromium
  const resolveGrant = (grant: string, access: Access) => grants.resolve(grant, access)
  let jobs: JobPort | undefined
  let open: OpenCase | undefined

  function writer(): JobPort {
    if (jobs && !jobs.hasEnded()) return jobs
    if (options.jobs === 'inline') jobs = inlineJobs({ handlers, now, emit, resolveGrant, print })
    else {
      if (!options.jobThreadUrl) throw new Error('jobs: "thread" needs jobThreadUrl')
      const start = { trustedPaths: options.files === 'paths', hostPrints: hostPrint !== undefined }
      jobs = threadJobs(options.jobThreadUrl, grants, start, emit, hostPrint)
    }
    return jobs
  }

  /** The writing side with the case open; a thread that died is replaced (its connection died with it, the file is whole). */
  async function caseWriter(current: OpenCase): Promise<JobPort> {
    if (jobs?.hasEnded() === true) await writer().open(current.path)
    return writer()
  }

  function info(): CaseInfo | null {
    if (!open) return null
    const known = readCaseInfo(open.reader.db, basename(open.path), open.readOnly !== null)
    return isGone(open) ? { ...known, isGone: true } : known
  }
  const isGone = ({ readOnly, place }: OpenCase): boolean => readOnly === null && !place.isThere()

  async function openCase(path: string): Promise<CaseInfo | null> {
    await closeCase()
    let readOnly: OpenCase['readOnly'] = null
    try {
      await writer().open(path)
    } catch (thrown) {
      const code = thrown instanceof WorkbenchError ? thrown.code : ''
      if (code === 'store.locked' || code === 'store.disk_full' || code === 'store.read_only') readOnly = code
      else if (code === 'store.unwritable') readOnly = 'store.read_only'
      else throw thrown
    }
    let reader: ReadableCase
    try {
      reader = openForReading(path)
    } catch (thrown) {
      if (readOnly === null) await jobs?.close()
      throw thrown
    }
    const opened: OpenCase = { path, reader, place: new CasePlace(path), readOnly }
    open = opened
    // A segment that cannot be read is told by the search that needs it.
    if (options.jobs === 'thread') warmSegments(reader.db, () => open === opened).catch(() => undefined)
    book.reset(open.reader.db)
    emit({ type: 'store.changed', nouns: NOUNS })
    return info()
  }

  async function closeCase(): Promise<void> {
    if (!open) return
    open.reader.close()
    const wasWritable = open.readOnly === null
    open = undefined
    if (wasWritable && jobs?.hasEnded() === false) await jobs.close()
    emit({ type: 'case.closed' })
  }

  /** Methods about the connections themselves, or that need no case; they bypass the handlers. */
  const lifecycle: Partial<Record<MethodName, (input: never) => unknown>> = {
    'case.info': info,
    'case.create': async ({ grant, zone, isDemo }: { grant: string; zone: string; isDemo: boolean }) => {
      const path = resolve(resolveGrant(grant, 'write'))
      createCase(path, zone, packageJson.version, now(), isDemo)
      return openCase(path)
    },
    'case.open': ({ grant }: { grant: string }) => openCase(resolve(resolveGrant(grant, 'read'))),
    'case.copy': async ({ grant }: { grant: string }) => {
      if (!open) throw new WorkbenchError('case.none_open')
      const { db } = open.reader
      const path = resolve(guardOutputs(resolveGrant, db)(grant, 'write'))
      await saveCopy(db, path)
      return { path }
    },
    'case.close': async () => {
      await closeCase()
      return {}
    },
    'job.list': () => book.list(),
    'job.get': ({ id }: { id: string }) => {
      const reader = open?.reader.db
      if (!reader) throw new WorkbenchError('case.none_open')
      return book.get(reader, id)
    },
    'job.cancel': ({ id }: { id: string }) => {
      jobs?.cancel(id)
      readingJobs.cancel(id)
      caseless.cancel(id)
      return {}
    },
    'locale.messages': ({ lang }: { lang: string }) => messagesOf(lang),
    'judge.message': (input: ParsedInputOf<'judge.message'>) =>
      judgeInput(input, { now, resolveGrant, words: messagesOf(input.lang), db: open?.reader.db }),
    'verify.file': ({ grant, evidence, report, manifest, key, save }: ParsedInputOf<'verify.file'>) => {
      const read = (token: string | null | undefined) => (token == null ? null : resolveGrant(token, 'read'))
      const against = {
        evidence: evidence.map((token) => resolveGrant(token, 'read')),
        report: read(report),
        manifest: read(manifest),
        key: read(key),
      }
      const place = save == null ? null : resolveGrant(save, 'write')
      const path = resolve(resolveGrant(grant, 'read'))
      return caseless.run('verify.file', (attended) => verifyFile(path, against, place, now(), attended))
    },
    'manifest.key': ({ grant, passphrase }: ParsedInputOf<'manifest.key'>) =>
      makeKey(resolveGrant(grant, 'write'), passphrase ?? null),
    'archive.restore': ({ grant, folder, passphrase }: ParsedInputOf<'archive.restore'>) => {
      const [path, place] = [resolveGrant(grant, 'read'), resolveGrant(folder, 'write')]
      return caseless.run('archive.restore', (attended) =>
        restoreArchive(path, place, passphrase ?? null, attended),
      )
    },
    'host.info': () => ({ host: options.host, files: options.files, version: packageJson.version }),
  }

  async function run(method: MethodName, input: unknown): Promise<unknown> {
    const own = lifecycle[method]
    if (own) return own(input as never)
    const kind = methods[method].kind
    if (kind === 'host') throw new WorkbenchError('request.not_permitted', { what: method })
    if (!open) throw new WorkbenchError('case.none_open')
    if (kind === 'query') return runQuery(open, method, input)
    if (open.readOnly !== null) {
      if (!('reads' in methods[method]))
        throw new WorkbenchError(open.readOnly, { file: basename(open.path) })
      const jobId = book.start(method)
      readingJobs.start(jobId, method, input, queryContext(open))
      return { jobId }
    }
    // Written all the same: a copy of the open case can still be saved, and what is refused could not be.
    if (isGone(open)) emit({ type: 'store.changed', nouns: ['case'] })
    const port = await caseWriter(open)
    if (kind === 'command') return port.command(method, input)
    const jobId = book.start(method)
    port.job(jobId, method, input)
    return { jobId }
  }

  const queryContext = (current: OpenCase): QueryContext => ({
    db: current.reader.db,
    casePath: current.path,
    now,
    resolveGrant: guardOutputs(resolveGrant, current.reader.db),
    print,
    ask: async (asked, askedInput) => (await run(asked, methods[asked].input.parse(askedInput))) as never,
  })

  async function runQuery(current: OpenCase, method: MethodName, input: unknown): Promise<unknown> {
    const handler = handlers[method]
    if (!handler) throw new WorkbenchError('request.unknown_method', { method })
    const context = queryContext(current)
    return (handler as (context: QueryContext, input: never) => unknown)(context, input as never)
  }

  async function call(method: string, input: unknown): Promise<Reply> {
    try {
      if (!Object.hasOwn(methods, method)) throw new WorkbenchError('request.unknown_method', { method })
      const name = method as MethodName
      const parsed = methods[name].input.safeParse(input)
      if (!parsed.success) {
        const [issue] = parsed.error.issues
        const extra = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
        throw new WorkbenchError('request.invalid', {
          field: [...(issue?.path ?? []), ...extra].join('.') || 'input',
          problem: issue?.message ?? '',
          ...(issue?.code === 'invalid_value' ? { allowed: issue.values.map(String) } : {}),
        })
      }
      const value = await run(name, parsed.data)
      if (options.checkReplies && methods[name].kind !== 'job') methods[name].output.parse(value)
      return { ok: true, value }
    } catch (thrown) {
      const mapped = toStoreError(thrown, open?.path ?? '')
      return { ok: false, error: toPlainError(noteDefect(mapped, method)) }
    }
  }

  return {
    call,
    listen(onEvent) {
      listeners.add(onEvent)
      return () => void listeners.delete(onEvent)
    },
    grant: (path, access) => Promise.resolve(grants.add(resolve(path), access)),
    async close() {
      await closeCase()
      await jobs?.stop()
      jobs = undefined
    },
  }
}
