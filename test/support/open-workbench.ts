import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type Client } from '../../core/contract/client.ts'
import { createEngine, type Engine } from '../../core/engine.ts'

/** A real engine on a real case file in a temporary folder; every reply is checked against the contract. */
export class Workbench {
  readonly folder: string
  readonly casePath: string
  readonly engine: Engine
  readonly client: Client

  constructor() {
    this.folder = mkdtempSync(join(tmpdir(), 'redthread-workbench-'))
    this.casePath = join(this.folder, 'test.redthread')
    this.engine = createEngine({ files: 'paths', host: 'cli', jobs: 'inline', checkReplies: true })
    this.client = createClient(this.engine)
  }
  static async open(): Promise<Workbench> {
    const bench = new Workbench()
    await bench.client.call('case.create', { grant: bench.casePath })
    return bench
  }
  /** Writes a file beside the case and returns its path. */
  file(name: string, content: string | Uint8Array): string {
    const path = join(this.folder, name)
    writeFileSync(path, content)
    return path
  }
  import(...paths: string[]) {
    return this.client.run('evidence.import', { grants: paths })
  }
  async close(): Promise<void> {
    await this.engine.close()
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** JSON lines of plain Windows events in the flat (OTRF) shape, numbered from 1. */
export function windowsLines(count: number, host = 'ws01.corp.example'): string {
  return Array.from({ length: count }, (_, index) => {
    const second = String(index % 60).padStart(2, '0')
    const minute = String(Math.floor(index / 60) % 60).padStart(2, '0')
    return JSON.stringify({
      '@timestamp': `2026-03-02T08:${minute}:${second}.000Z`,
      Hostname: host,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      EventID: 1,
      RecordNumber: index + 1,
      UtcTime: `2026-03-02 08:${minute}:${second}.000`,
      ProcessGuid: `{11111111-2222-3333-4444-${String(index).padStart(12, '0')}}`,
      ProcessId: String(1000 + index),
      Image: 'C:\\Windows\\System32\\cmd.exe',
      CommandLine: `cmd /c echo ${index}`,
      ParentImage: 'C:\\Windows\\explorer.exe',
      ParentProcessId: '900',
      ParentProcessGuid: '{11111111-2222-3333-4444-999999999999}',
      User: 'CORP\\amber',
    })
  }).join('\n')
}
