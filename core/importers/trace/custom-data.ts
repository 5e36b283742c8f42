/** One agent's remark: `S:AMA=SUM|v=1|name=EICAR` is `AMA` with the pairs behind it. */
export interface AgentRemark {
  readonly agent: string
  readonly values: ReadonlyMap<string, string>
}

/** The field is free text of transport agents; a hostile one could be endless. */
const MAX_REMARKS = 200

/** Splits custom_data: remarks begin with `S:`, pairs are separated by `|`, name and value by the first `=`. */
export function parseCustomData(text: string | undefined): AgentRemark[] {
  if (text === undefined) return []
  return text
    .split(/;?S:/, MAX_REMARKS)
    .filter((part) => part.includes('='))
    .map((part) => {
      const [head = '', ...pairs] = part.replace(/;$/, '').split('|', MAX_REMARKS)
      return {
        agent: head.slice(0, head.indexOf('=')).trim(),
        values: new Map([
          ['', head.slice(head.indexOf('=') + 1).trim()],
          ...pairs.map((pair): [string, string] => {
            const sign = pair.indexOf('=')
            return sign === -1 ? [pair.trim(), ''] : [pair.slice(0, sign).trim(), pair.slice(sign + 1).trim()]
          }),
        ]),
      }
    })
}

/** The malware that the malware agent named, with the attachment. */
export function findMalware(remarks: readonly AgentRemark[]): { name: string; file?: string } | undefined {
  for (const { agent, values } of remarks) {
    const name = values.get('name')
    if (agent !== 'AMA' || name === undefined || name === '') continue
    const file = values.get('file')
    return file === undefined || file === '' ? { name } : { name, file }
  }
  return undefined
}

/** Spam verdict and transport rules for reading. */
export function describeRemarks(remarks: readonly AgentRemark[]): string | undefined {
  const parts = remarks.flatMap(({ agent, values }) => {
    if (agent === 'SFA')
      return ['SFV', 'SCL', 'CIP', 'CTRY'].flatMap((name) => {
        const value = values.get(name)
        return value === undefined || value === '' ? [] : [`${name}=${value}`]
      })
    if (agent === 'TRA') {
      const rule = values.get('ruleName') ?? values.get('ruleId')
      return rule === undefined ? [] : [`rule ${rule}: ${values.get('action') ?? ''}`.trim()]
    }
    return []
  })
  return parts.length === 0 ? undefined : parts.join('; ')
}
