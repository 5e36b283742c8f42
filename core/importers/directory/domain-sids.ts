/** SIDs of domains by DNS name, learnt from the objects of an export: what `DA` means in SDDL depends on them. */
export class DomainSids {
  readonly #byName = new Map<string, string>()

  /** @param sid of an account or group of the domain, or of the domain itself (`isDomain`) */
  learn(domain: string, sid: string, isDomain: boolean): void {
    if (!sid.startsWith('S-1-5-21-')) return
    const own = isDomain ? sid : sid.replace(/-\d+$/, '')
    if (isDomain || !this.#byName.has(domain)) this.#byName.set(domain, own)
  }
  of(domain: string | undefined): string | undefined {
    return domain === undefined ? undefined : this.#byName.get(domain)
  }
  /** The first domain of the forest: the shortest known name that the domain ends in. */
  rootOf(domain: string | undefined): string | undefined {
    if (domain === undefined) return undefined
    const above = [...this.#byName.keys()].filter((name) => domain === name || domain.endsWith(`.${name}`))
    return this.of(above.sort((a, b) => a.length - b.length)[0])
  }
}
