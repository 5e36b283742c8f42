import { describe, expect, it } from 'vitest'
import { exampleEvent } from '../../../core/correlation/example.ts'
import { rules } from '../../../core/correlation/registry.ts'
import { GraphCase } from '../graph/graph-case.ts'

describe('the techniques of what rules detect', () => {
  it('are among those of the rule, and of what it detects', () => {
    const odd = rules.flatMap((rule) =>
      Object.entries(rule.attackOf ?? {}).flatMap(([what, techniques]) => [
        ...(rule.detections?.includes(what.split('/')[0] ?? '') === true ? [] : [`${rule.id}: ${what}`]),
        ...techniques.filter((id) => !rule.attack.includes(id)).map((id) => `${rule.id}.${what}: ${id}`),
      ]),
    )
    expect(odd).toEqual([])
    expect(rules.filter((rule) => rule.attackOf !== undefined).length).toBeGreaterThan(5)
  })

  it('follow from what was seen, where a rule sees several things', async () => {
    const run = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Updater'
    const debug =
      'HKLM\\SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\sethc.exe\\Debugger'
    const write = (target: string, detail: string) =>
      exampleEvent('registry-set', 0, { processPath: 'C:\\x\\a.exe', pid: 5, target, detail })
    const order = (commandLine: string, pid: number) =>
      exampleEvent('process-start', pid, { processPath: 'C:\\Windows\\System32\\reg.exe', pid, commandLine })
    await using graph = await GraphCase.of([
      write(run, 'powershell -enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAKQA='),
      write(debug, 'C:\\Windows\\System32\\cmd.exe'),
      order('reg save hklm\\sam c:\\t\\s', 6),
      order('rundll32 comsvcs.dll, MiniDump 600 c:\\t\\d full', 7),
    ])
    const { rows } = await graph.client.call('detection.list', { limit: 50 })
    const stated = rows
      .filter(({ rule }) => rule === 'persistence.registry' || rule === 'credentials.command')
      .map(({ attack }) => attack.join(' '))
    expect(stated.sort()).toEqual(['T1003.001', 'T1003.002', 'T1546.012', 'T1547.001'])
  })

  it('are none where mail was delivered and nothing more', () => {
    expect(rules.find(({ id }) => id === 'mail.message')?.attack).toEqual([])
  })

  it('are told apart where a rule detects the deletion of shadow copies and that of logs', () => {
    const evasion = rules.find(({ id }) => id === 'process.evasion')
    expect(evasion?.attackOf?.['shadow_deleted']).toEqual(['T1490'])
    expect(evasion?.attackOf?.['log_cleared']).toEqual(['T1070.001'])
  })
})
