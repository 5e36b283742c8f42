import type { MessageDetail } from '../../../contract/nouns/mail.ts'
import type { ReportContext } from '../../context.ts'
import { joinLines, lineBreak, outside, type Line } from '../../document.ts'

type Step = MessageDetail['history'][number]['steps'][number]

/** Steps named per copy; the plan and the workbench have them all. */
const MAX_STEPS = 4
/** A copy that came and stayed has no step worth a line. */
const QUIET: ReadonlySet<Step['action']> = new Set(['delivered', 'other'])

/** What was done to the copy of a recipient after it came: held, removed, given back, also what failed. Empty: nothing is recorded. */
export function copyLine(
  words: ReportContext['words'],
  time: ReportContext['time'],
  message: MessageDetail,
  address: string,
): Line {
  const own = message.history.filter(({ mailbox }) => mailbox.toLowerCase() === address.toLowerCase())
  const steps = own.flatMap(({ steps: all }) => all).filter(({ action }) => !QUIET.has(action))
  // Several logs record one step: the first of each run of the same action says it.
  const told = steps.filter(
    (step, index) =>
      steps[index - 1]?.action !== step.action || steps[index - 1]?.succeeded !== step.succeeded,
  )
  const lines = told
    .slice(0, MAX_STEPS)
    .map((step): Line => [
      words(step.succeeded ? `copy.${step.action}` : 'copyFailed', { what: words(`copy.${step.action}`) }),
      ...(step.at === null ? [] : [outside(time(step.at))]),
    ])
  const left = told.length - lines.length
  return joinLines(left > 0 ? [...lines, [words('copyMore', { count: left })]] : lines, lineBreak)
}
