import { describe, expect, it } from 'vitest'
import { listPlan } from '../../../core/reputation/plan-stored.ts'
import { RecipientTracer } from '../../../core/reputation/recipient-trace.ts'
import exposure from '../../../core/stories/exposure.handlers.ts'
import { aMessage, TestCase } from './case-builder.ts'

const HOUR = 3_600_000_000
const START = Date.UTC(2026, 2, 1) * 1000

/** Amy got a mail with an archive; on her endpoint files of the archive's name were saved, as surely as stated, and one was run. */
function aCase(...saved: readonly (readonly [sure: number, hours: number])[]) {
  const test = new TestCase(START + 100 * HOUR)
  const attachment = { name: 'invoice.zip', sha256: 'a'.repeat(64), urls: [] }
  const message = test.mail(aMessage({ at: START, attachments: [attachment] }))
  test.relate('delivered-to', message, test.mailbox('amy@corp.test', 'Amy'), START)
  const carried = test.entity('attachment', 'invoice.zip')
  test.db.prepare('UPDATE attachment SET entity_id = ?').run(carried)
  const [amy, endpoint] = [test.entity('user', 'Amy'), test.entity('endpoint', 'WS-1')]
  for (const [index, [sure, hours]] of saved.entries()) {
    const file = test.entity('file', `invoice-${index}.exe`)
    const program = test.entity('process', `invoice-${index}.exe`)
    test.relate('saved-as', carried, file, START + hours * HOUR, sure)
    test.relate('located-on', file, endpoint)
    test.relate('executed-as', file, program, START + hours * HOUR)
    test.relate('ran-as', program, amy, START + hours * HOUR)
    test.relate('ran-on', program, endpoint, START + hours * HOUR)
  }
  const traced = new RecipientTracer(test.db, test.nowUs)
    .trace(message)
    .map((one) => [one.executedAt === null ? null : (one.executedAt - START) / HOUR, one.perhaps])
  return { test, message, traced }
}

describe('what somebody ran who got a mail', () => {
  it('came with it where more than a name says so', () => {
    expect(aCase([0.75, 1]).traced).toEqual([[1, []]])
  })

  it('is perhaps something else where only a name does', () => {
    expect(aCase([0.5, 1]).traced).toEqual([[1, ['executed']]])
  })

  it('is what is sure, though something of the name ran before', () => {
    expect(aCase([0.5, 1], [0.9, 2]).traced).toEqual([[2, []]])
  })

  it('is told apart in figures, rows and the plan', async () => {
    for (const [sure, counts, reason] of [
      [0.5, [0, 1], 'plan.reason.ranPerhaps'],
      [0.9, [1, 0], 'plan.reason.ran'],
    ] as const) {
      const { test, message } = aCase([sure, 1])
      const matrix = await exposure['exposure.matrix']?.(test.context, {
        entity: String(message),
        limit: 10,
        cursor: null,
      })
      expect([matrix?.counts.executed, matrix?.counts.perhaps]).toEqual(counts)
      expect(matrix?.rows.map((row) => row.perhaps)).toEqual([sure < 0.6 ? ['executed'] : []])
      const { recipients } = (await exposure['exposure.of']?.(test.context, {
        entity: String(message),
        limit: 10,
      })) ?? { recipients: undefined }
      expect([recipients?.executed, recipients?.perhaps]).toEqual(counts)
      const isolate = listPlan(test.db, test.nowUs, null, {
        vectors: new Set([String(message)]),
        established: [],
      }).items.find(({ action }) => action === 'isolate-endpoint')
      expect(isolate?.reasons.map(({ text }) => text.key)).toEqual([reason])
    }
  })
})
