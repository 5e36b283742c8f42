import { createWriteStream } from 'node:fs'
import { once } from 'node:events'

/** How many bytes are handed to the file at once. */
const PIECE_BYTES = 4_000_000

/**
 * JSON lines of about `bytes` bytes at `path`: the given events over and over, each with a record number of its own.
 * @param isVaried also give command lines and objects a word that occurs once (the weak spot of interning)
 */
export async function writeJsonInput(
  path: string,
  bytes: number,
  events: readonly string[],
  isVaried: boolean,
): Promise<number> {
  const out = createWriteStream(path)
  let written = 0
  let count = 0
  while (written < bytes) {
    const piece: string[] = []
    let size = 0
    while (size < PIECE_BYTES && written + size < bytes) {
      count += 1
      const line = vary(events[count % events.length]!, count, isVaried)
      piece.push(line)
      size += line.length + 1
    }
    const text = Buffer.from(`${piece.join('\n')}\n`)
    written += text.length
    if (!out.write(text)) await once(out, 'drain')
  }
  out.end()
  await once(out, 'close')
  return count
}

const NUMBER = /"(?:RecordNumber|EventRecordID)":\s?\d+/
const COMMAND_LINE = /"(?:CommandLine|ObjectName|TargetObject|TargetFilename)":\s?"/

function vary(event: string, number: number, isVaried: boolean): string {
  const numbered = event.replace(NUMBER, `"RecordNumber":${number}`)
  return isVaried ? numbered.replace(COMMAND_LINE, (start) => `${start}run-${number * 7919} `) : numbered
}

/** Events as NXLog writes them, for a bench without samples. */
export function inventedJsonEvents(): string[] {
  return Array.from({ length: 4_000 }, (_, index) =>
    JSON.stringify({
      '@timestamp': new Date(Date.UTC(2031, 4, 6) + index * 731).toISOString(),
      EventID: index % 3 === 0 ? 1 : 11,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      SourceName: 'Microsoft-Windows-Sysmon',
      Hostname: `ws${index % 40}.corp.example`,
      RecordNumber: index,
      UserID: 'S-1-5-18',
      UtcTime: new Date(Date.UTC(2031, 4, 6) + index * 731).toISOString().replace('T', ' ').replace('Z', ''),
      ProcessGuid: '{11111111-2222-3333-4444-000000000100}',
      ProcessId: String(index),
      Image: `C:\\Program Files\\Example\\tool-${index % 97}.exe`,
      CommandLine: `"C:\\Program Files\\Example\\tool-${index % 97}.exe" --session ${index % 251}`,
      User: `CORP\\user${index % 31}`,
      Message: `Process Create:\r\nRuleName: -\r\nProcessId: ${index}\r\nImage: tool-${index % 97}.exe\r\nUser: CORP\\user${index % 31}`,
    }),
  )
}
