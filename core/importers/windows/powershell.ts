import { present } from '../../normalise/placeholder.ts'
import {
  cut,
  executionPid,
  type EventRow,
  type EventTable,
  type FieldPicks,
  fixed,
  named,
  pid,
  type Pick,
  rows,
  text,
} from './picks.ts'

/** Script text is evidence and is searched; the whole block stays in the raw record. Attack: megabytes per block. */
const SCRIPT_LIMIT = 16_384

/** A `Name = value` or `Name=value` line of the context text that 4103, 400, 403, 600 and 800 carry. */
function contextLine(name: string, ...fields: string[]): Pick<string> {
  const pattern = new RegExp(`(?:^|[\\r\\n\\t])\\s*${name}\\s?=\\s?([^\\r\\n]*)`)
  return (event) => {
    for (const field of fields) {
      const value = present(pattern.exec(event.data.get(field) ?? '')?.[1])
      if (value !== undefined) return value
    }
    return undefined
  }
}

const script: Pick<string> = (event) => {
  const block = event.data.get('ScriptBlockText')
  return block === undefined || block.trim() === '' ? undefined : cut(block, SCRIPT_LIMIT)
}

/** 4105 and 4106 carry the id of the block and nothing else. */
const RUN: FieldPicks = { pid: executionPid, detail: named('ScriptBlockId', 'RunspaceId') }

const operationalRows: [number, EventRow][] = [
  [
    4104,
    {
      kind: 'script-block',
      fields: { detail: script, target: text('Path'), action: part, pid: executionPid },
    },
  ],
  [4105, { kind: 'script-module', fields: { ...RUN, action: fixed('script-started') } }],
  [4106, { kind: 'script-module', fields: { ...RUN, action: fixed('script-ended') } }],
  [
    53504,
    {
      kind: 'generic',
      fields: { pid: pid('param1'), action: fixed('remote-channel-opened'), detail: text('param2') },
    },
  ],
  ...rows([4100, 4103], {
    kind: 'script-module',
    fields: {
      account: contextLine('User', 'ContextInfo'),
      commandLine: contextLine('Host Application', 'ContextInfo'),
      target: contextLine('Script Name', 'ContextInfo'),
      action: contextLine('Command Name', 'ContextInfo'),
      pid: executionPid,
      detail: named('Payload'),
    },
  }),
]
/** Microsoft-Windows-PowerShell/Operational. A long script comes as several 4104, told apart in `action`. */
export const powershell: EventTable = new Map(operationalRows)

function part(event: Parameters<Pick<string>>[0]): string | undefined {
  const total = text('MessageTotal')(event)
  return total === undefined || total === '1' ? undefined : `${text('MessageNumber')(event) ?? '?'}/${total}`
}

const CONTEXT_FIELDS = ['param2', 'param3', 'param1', 'Message']
const ENGINE: FieldPicks = {
  commandLine: contextLine('HostApplication', ...CONTEXT_FIELDS),
  account: contextLine('UserId', ...CONTEXT_FIELDS),
  target: contextLine('ScriptName', ...CONTEXT_FIELDS),
  pid: executionPid,
}
/** Windows PowerShell (classic log): unnamed Data that hold lines of `\tName=value`. */
export const powershellClassic: EventTable = new Map<number, EventRow>([
  [400, { kind: 'script-module', fields: { ...ENGINE, action: fixed('engine-started') } }],
  [403, { kind: 'script-module', fields: { ...ENGINE, action: fixed('engine-stopped') } }],
  [
    600,
    {
      kind: 'script-module',
      fields: { ...ENGINE, action: fixed('provider-started'), detail: text('param1') },
    },
  ],
  [800, { kind: 'script-module', fields: { ...ENGINE, detail: named('param1', 'param3') } }],
])
