import type { Transport, EngineEvent, Reply } from '../../core/contract/types.ts'
import type { MethodName } from '../../core/contract/methods.ts'
import type { InputOf, ReplyOf } from '../../core/contract/types.ts'
import type { PlainError } from '../../core/model/errors.ts'

type Answers = { [M in MethodName]?: ReplyOf<M> | ((input: InputOf<M>) => ReplyOf<M>) | PlainError }

export interface FakeEngine extends Transport {
  /** Every call in order, for assertions. */
  readonly calls: { readonly method: string; readonly input: unknown }[]
  /** Changes answers while a test runs. */
  answer(more: Answers): void
  emit(event: EngineEvent): void
}

const user = { id: '1', kind: 'user', name: 'Mira Okafor' } as const
const endpoint = { id: '2', kind: 'endpoint', name: 'WS-014' } as const
const message = { id: '3', kind: 'message', name: 'Your parcel' } as const
export const entities = { user, endpoint, message }

const NOW = '2026-03-01T09:30:12.123456Z'
export const caseInfo: NonNullable<ReplyOf<'case.info'>> = {
  name: 'heron.redthread',
  caseId: 'case-1',
  createdAt: NOW,
  zone: 'UTC',
  readOnly: false,
  schemaVersion: 1,
  toolVersion: '0.1.0',
  auditHead: 'ab'.repeat(32),
  isDemo: false,
  counts: {
    evidence: 1,
    events: 2,
    messages: 1,
    messageCopies: 1,
    directoryObjects: 0,
    entities: 3,
    relations: 2,
    issues: 1,
  },
  correlationStale: false,
  failedRules: [],
}

/** A page with everything on it. */
export const page = <T>(rows: T[]) => ({ rows, next: null, total: rows.length })

export const anEvent = (id: string, more: Partial<ReplyOf<'event.get'>> = {}): ReplyOf<'event.get'> => ({
  id,
  at: NOW,
  kind: 'process-start',
  endpoint,
  user,
  summary: `event ${id}`,
  fields: { 'host.name': 'WS-014', 'url.full': 'https://bad.example/x', 'process.pid': 4242 },
  evidenceId: '7',
  record: 17,
  locator: 'record 17',
  source: { evidenceId: '7', record: 17, locator: 'record 17' },
  zoneAssumed: false,
  ...more,
})

const usual: Answers = {
  'host.info': { host: 'browser', files: 'browse', version: '0.1.0' },
  'case.info': caseInfo,
  'job.list': [],
  'locale.messages': {},
  'evidence.formats': [],
  'story.list': { ...page([]), below: 0 },
  'detection.list': page([]),
  'detection.counts': { total: 0, levels: [], rules: [] },
  'story.ofDetections': [],
  'sweep.matched': { ids: [], total: 0 },
  'path.suggest': [],
  'clock.list': { compared: 0, offsets: [] },
  'event.index': { share: 1 },
  'overview.get': {
    counts: {
      evidence: 1,
      events: 2,
      messages: 1,
      directoryObjects: 0,
      entities: 3,
      relations: 2,
      issues: 1,
      user: 1,
    },
    readiness: [],
    coverage: [],
    endpointsWithSensor: 1,
    endpointsWithoutSensor: [],
    mailClients: [],
    retro: null,
  },
  'record.get': {
    evidenceId: '7',
    evidenceName: 'security.evtx',
    sha256: 'cd'.repeat(32),
    record: 17,
    locator: 'record 17',
    raw: '<Event/>',
    truncated: false,
    heading: null,
    alsoIn: [],
  },
  'event.get': ({ id }) => anEvent(id),
  'event.search': { ...page([anEvent('11'), anEvent('12')]), chips: [], searched: null },
  'event.count': {
    bucketSeconds: 3600,
    from: null,
    to: null,
    total: 2,
    undated: 0,
    buckets: [],
    kinds: [{ kind: 'process-start', count: 2 }],
    groups: [],
    lanes: [],
    done: 1,
    next: null,
  },
  'work.of': [],
  'view.left': { state: null },
  'view.leave': {},
  'event.histogram': {
    bucketSeconds: 3600,
    from: NOW,
    to: NOW,
    undated: 0,
    buckets: [],
    kinds: [{ kind: 'process-start', count: 2 }],
  },
}

const isError = (answer: unknown): answer is PlainError =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'params' in answer

/** A transport that answers from a table; a method without an answer fails, so that no test leans on a silent default. */
export function fakeEngine(answers: Answers = {}): FakeEngine {
  const table = new Map<string, unknown>(Object.entries({ ...usual, ...answers }))
  const listeners = new Set<(event: EngineEvent) => void>()
  const calls: { method: string; input: unknown }[] = []
  return {
    calls,
    call(method, input): Promise<Reply> {
      calls.push({ method, input })
      if (!table.has(method))
        return Promise.resolve({ ok: false, error: { code: 'request.unknown_method', params: { method } } })
      const answer = table.get(method)
      if (isError(answer)) return Promise.resolve({ ok: false, error: answer })
      const value: unknown =
        typeof answer === 'function' ? (answer as (given: unknown) => unknown)(input) : answer
      return Promise.resolve({ ok: true, value })
    },
    listen(onEvent) {
      listeners.add(onEvent)
      return () => listeners.delete(onEvent)
    },
    answer: (more) => Object.entries(more).forEach(([method, answer]) => table.set(method, answer)),
    emit: (event) => listeners.forEach((listener) => listener(event)),
  }
}
