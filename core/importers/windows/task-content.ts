const COMMAND = /<Command>([^<]{1,4000})<\/Command>/i
const ARGUMENTS = /<Arguments>([^<]{1,8000})<\/Arguments>/i
const HANDLER = /<ClassId>([^<]{1,100})<\/ClassId>/i
const ENTITIES = new Map([
  ['lt', '<'],
  ['gt', '>'],
  ['amp', '&'],
  ['quot', '"'],
  ['apos', "'"],
])

/**
 * The command a scheduled task runs, out of its XML. Only these leaf elements are looked for: the XML is evidence, so
 * no parser with entities or DTDs is let near it.
 */
export function taskCommand(xml: string | undefined): string | undefined {
  if (xml === undefined) return undefined
  const command = COMMAND.exec(xml)?.[1]
  if (command === undefined) {
    const handler = HANDLER.exec(xml)?.[1]
    return handler === undefined ? undefined : `COM ${handler}`
  }
  const argumentsText = ARGUMENTS.exec(xml)?.[1]
  return unescape(argumentsText === undefined ? command : `${command} ${argumentsText}`)
}

function unescape(text: string): string {
  return text.replace(
    /&(?:#(\d{1,6})|#x([0-9a-f]{1,6})|(\w+));/gi,
    (whole, decimal?: string, hex?: string, name?: string) => {
      if (name !== undefined) return ENTITIES.get(name) ?? whole
      const code = decimal === undefined ? parseInt(hex ?? '0', 16) : Number(decimal)
      return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
    },
  )
}
