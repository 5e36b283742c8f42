import type { Records } from './records.ts'
import { BRANCH_IP, type Company, type Host } from './company.ts'
import { at } from './clock.ts'

interface Lease {
  readonly host: Host
  readonly ip: string
  readonly from: number
  readonly to: number
}

/** Who has which address when: fixed ones of servers, leases of desks. */
export class Addresses {
  readonly #leases: Lease[] = []
  readonly #records: Records
  readonly #company: Company

  constructor(company: Company, records: Records) {
    this.#company = company
    this.#records = records
  }

  /** The DHCP server gives an address and says so in its log (its clock is right). */
  lease(host: Host, ip: string, from: number, to: number): void {
    this.#leases.push({ host, ip, from, to })
    this.#records.event('leases', 'address-lease', from, {
      provider: 'Zeek',
      sourceIp: ip,
      sourceHost: host.fqdn,
      destinationIp: this.#company.controller.fixedIp ?? undefined,
      action: 'REQUEST, ACK',
      detail: 'lease_time: 28800',
    })
  }

  leaseAll(): void {
    for (const [index, host] of this.#company.desks.entries())
      if (!this.#leases.some((lease) => lease.host === host))
        this.lease(host, `10.20.2.${20 + index}`, at('07:20') + index * 1_000_000, at('23:00'))
  }

  of(host: Host, time: number): string {
    const lease = this.#leases.find((one) => one.host === host && one.from <= time && time < one.to)
    const ip = host.fixedIp ?? lease?.ip
    if (ip === undefined) throw new Error(`${host.netbios} has no address then`)
    return ip
  }

  /** What servers and the proxy see: behind the branch's router all desks look alike. */
  seenFrom(host: Host, time: number): string {
    return host.isBranch ? BRANCH_IP : this.of(host, time)
  }
}
