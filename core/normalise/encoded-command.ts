/** PowerShell takes any unambiguous beginning of -EncodedCommand, and `-ec`. */
const ENCODED =
  /[-/](?:e|ec|en|enc|enco|encod|encode|encoded|encodedc|encodedco|encodedcom|encodedcomm|encodedcomma|encodedcomman|encodedcommand)\s+["']?([A-Za-z0-9+/=]{16,32768})/i

/** The script behind `powershell -enc BASE64` (UTF-16LE); undefined when there is none or it is no text. */
export function decodedCommand(commandLine: string): string | undefined {
  const base64 = ENCODED.exec(commandLine)?.[1]
  if (base64 === undefined) return undefined
  const text = Buffer.from(base64, 'base64').toString('utf16le')
  // Base64 that is no UTF-16 text comes out as signs from all over Unicode.
  const readable = text.match(/[\t\n\r\u0020-\u024f]/g)?.length ?? 0
  return readable >= text.length * 0.7 ? text : undefined
}
