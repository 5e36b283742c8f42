import { baseName } from '../normalise/path.ts'
import { decodedCommand } from '../normalise/encoded-command.ts'
import type { ProcessFact } from './process-index.ts'
import { isInSystemFolder } from './system-folders.ts'
import type { CorrelationView, ViewEvent } from './view.ts'

/** Commands are read up to here; Windows takes no longer ones. */
const MAX_COMMAND = 32_768
const DAY_US = 86_400_000_000
/** What a timer starts begins at the same time of day, give or take its random delay. */
const SAME_TIME_US = 3_600_000_000
/** Somebody who does the same on so many days has made it a habit. */
const HABIT_DAYS = 4

/** A process with a recorded start, and what it was told to do. */
export interface GivenCommand {
  readonly process: ProcessFact
  readonly event: ViewEvent
  /** File name of the image, in lower case. */
  readonly program: string
  /** The command line; what was encoded in it, decoded. */
  readonly text: string
}

/** Shells: what they pass on is told by the program that runs it, which has a record of its own. */
export const isShell = (program: string): boolean =>
  /^(?:cmd|powershell|pwsh|bash|sh|zsh)(?:\.exe)?$/.test(program)

/**
 * The commands processes were given, in time order.
 * @param mayMatter a quick look at the command line (or the path) that spares reading the rest of a million others
 */
export function* givenCommands(view: CorrelationView, mayMatter: RegExp): Generator<GivenCommand> {
  for (const process of view.processes.started) {
    const { commandLine, path } = process
    if (commandLine === '') continue
    const text = (decodedCommand(commandLine) ?? commandLine).slice(0, MAX_COMMAND)
    if (!mayMatter.test(text) && !mayMatter.test(path)) continue
    const { event } = process
    if (event) yield { process, event, program: baseName(path).toLowerCase(), text }
  }
}

/** A command as a rule shows it. */
export const shownCommand = (text: string): string => text.replace(/\s+/g, ' ').slice(0, 300)

/** The task scheduler, which starts what a timer runs. */
export const isScheduled = ({ event }: Pick<GivenCommand, 'event'>): boolean =>
  /\\(?:taskeng|taskhostw?)\.exe$/i.test(event.fields.parentPath ?? '') ||
  /\bsvchost\.exe\b.*-s schedule\b/i.test(event.fields.parentCommandLine ?? '')

/** One account that gives one command again and again: the same words, whatever the figures in them (dates, counters). */
const habitKey = ({ process, program, text }: GivenCommand): string =>
  `${process.endpointId}|${process.userId ?? ''}|${program}|${text.toLowerCase().replace(/\d+/g, '0')}`

/** Runs of one command that are held; a job of every minute is known to recur long before. */
const MAX_HELD = 1000

/** The same command of the same account, each time it was given. */
export class CommandJobs<T> {
  readonly #jobs = new Map<string, { readonly what: T; readonly runs: GivenCommand[] }>()

  add(what: T, given: GivenCommand): void {
    const key = habitKey(given)
    const job = this.#jobs.get(key)
    if (!job) this.#jobs.set(key, { what, runs: [given] })
    else if (job.runs.length < MAX_HELD) job.runs.push(given)
  }

  all(): readonly { readonly what: T; readonly runs: readonly GivenCommand[] }[] {
    return [...this.#jobs.values()]
  }
}

/**
 * Whether commands of one account are a recurring job: given on several days at about the same time of day by a timer or an
 * installed program, or on so many days that it is a habit. An intruder who carries data out two nights running does it by hand
 * and with a program of his own.
 */
export function isRecurring(runs: readonly GivenCommand[]): boolean {
  const [first] = runs
  if (first === undefined) return false
  const times = runs.flatMap(({ process }) => process.startAt ?? [])
  const days = new Set(times.map((at) => Math.floor(at / DAY_US)))
  if (days.size >= HABIT_DAYS) return true
  const phase = (at: number): number => {
    const apart = Math.abs((at % DAY_US) - ((times[0] ?? 0) % DAY_US))
    return Math.min(apart, DAY_US - apart)
  }
  return (
    days.size > 1 &&
    times.every((at) => phase(at) <= SAME_TIME_US) &&
    (runs.every(isScheduled) || isInSystemFolder(first.process.path))
  )
}
