import { baseName } from '../normalise/path.ts'
import type { ProcessFact } from './process-index.ts'
import { startedAround } from './started-around.ts'
import type { CorrelationView } from './view.ts'

const PROGRAM = /^\s*(?:"([^"]{1,1000})"|([^\s"]{1,1000}))/

/** The program a command line begins with: its file name in lower case, `%COMSPEC%` spelt out; empty when there is none. */
export function programOf(commandLine: string): string {
  const parts = PROGRAM.exec(commandLine)
  const first = (parts?.[1] ?? parts?.[2] ?? '').replace(/%comspec%/gi, 'cmd.exe')
  // A path with blanks and without quotes goes on until its ending; a first word that ends like a program is one.
  const unquoted =
    parts?.[2] === undefined || /\.exe$/i.test(first)
      ? undefined
      : /^\s*[^"]{1,1000}?\.exe(?=\s|$)/i.exec(commandLine)?.[0]
  const name = baseName((unquoted ?? first).replace(/%comspec%/gi, 'cmd.exe').trim()).toLowerCase()
  return name === '' || name.includes('.') ? name : `${name}.exe`
}

/** Processes of a program on an endpoint that started in the span, in time order. */
export function* startedByName(
  view: CorrelationView,
  endpointId: number,
  program: string,
  from: number,
  to: number,
): Generator<ProcessFact> {
  if (program === '') return
  for (const process of startedAround(view, endpointId, from, to))
    if (process.startAt !== null && baseName(process.path).toLowerCase() === program) yield process
}
