import { copyFileSync } from 'node:fs'
import type { MarkTarget, MarkType } from '../../../core/contract/nouns/work.ts'
import type { EntityKind } from '../../../core/model/relation.ts'
import type { InputOf } from '../../../core/contract/types.ts'
import { Workbench, windowsLines } from '../../support/workbench.ts'

const ATTACK = [
  'From: "Parcel" <parcel@lure.example>',
  'To: Amber <amber@corp.example>',
  'Subject: Your parcel',
  'Message-ID: <one@lure.example>',
  'Date: Mon, 02 Mar 2026 07:00:00 +0000',
  'Delivered-To: amber@corp.example',
  'MIME-Version: 1.0',
  'Content-Type: text/plain; charset=utf-8',
  '',
  'https://evil.example/a',
  'https://other.example/b',
  '',
].join('\r\n')
const PACK = {
  schema: 1,
  name: 'feed',
  version: '1',
  createdAt: '2026-03-05T00:00:00Z',
  source: 'test',
  entries: [{ pattern: 'evil.example', scope: 'host', level: 'dangerous' }],
}
const POLICY = {
  schema: 1,
  name: 'mail',
  service: 'exchange-online',
  securityLevel: 'medium',
  actions: { matched: 'quarantine' },
  retroScan: { enabled: true, consentAt: '2026-01-01T00:00:00Z' },
}
/** Another person at another machine. */
const BASIL = windowsLines(3, 'ws02.corp.example').replaceAll('amber', 'basil').replaceAll('echo ', 'dir ')
const EVIDENCE = { events: `${windowsLines(6)}\n${BASIL}`, mail: ATTACK }

/** One analyst at one case. */
export class Analyst extends Workbench {
  /** Evidence, correlated; the order of files differs between analysts, so that ids do. */
  static async start(order: readonly ('events' | 'mail')[] = ['events', 'mail']): Promise<Analyst> {
    const analyst = new Analyst()
    await analyst.client.call('case.create', { grant: analyst.casePath })
    const names = { events: 'events.json', mail: 'parcel.eml' }
    for (const which of order) await analyst.import(analyst.file(names[which], EVIDENCE[which]))
    await analyst.client.run('correlation.run', {})
    return analyst
  }
  /** A policy, a pack and a retro scan: steps of a plan follow. */
  async judge(): Promise<void> {
    await this.client.call('policy.set', { policy: POLICY })
    await this.client.run('pack.add', { grants: [this.file('feed.json', JSON.stringify(PACK))] })
    await this.client.run('retro.run', {})
  }
  /** Steps of the plan by what they do. */
  async steps(): Promise<Map<string, string>> {
    const { items } = await this.client.call('plan.list', {})
    return new Map(items.map(({ action, id }) => [action, id]))
  }
  async stepStates(): Promise<string[]> {
    const { items } = await this.client.call('plan.list', {})
    return items
      .filter(({ state }) => state !== 'open')
      .map(({ action, state, note }) => `${action}: ${state} (${note})`)
  }
  decide(ids: readonly (string | undefined)[], state: 'approved' | 'declined', note = '') {
    return this.client.call('plan.decide', { ids: ids.map((id) => id ?? ''), state, note })
  }
  /** Hash of everything in the case but the audit log. */
  async content(): Promise<string> {
    return (await this.client.call('verify.digest', {})).digest.sha256
  }
  /** A colleague who goes on with a copy of this case. */
  async copy(): Promise<Analyst> {
    await this.client.call('case.close', {})
    const colleague = new Analyst()
    copyFileSync(this.casePath, colleague.casePath)
    await colleague.client.call('case.open', { grant: colleague.casePath })
    await this.client.call('case.open', { grant: this.casePath })
    return colleague
  }
  /** The process that ran `cmd /c echo N`. */
  async event(number: number): Promise<MarkTarget> {
    const { rows } = await this.client.call('event.search', { text: `"echo ${number}"`, limit: 10 })
    return { kind: 'event', id: rows[0]?.id ?? '' }
  }
  /** An entity by kind and a part of its name. */
  async entity(kind: EntityKind, text = ''): Promise<MarkTarget> {
    const { rows } = await this.client.call('entity.search', { kind, text, limit: 100 })
    return { kind: 'entity', id: rows[0]?.id ?? '' }
  }
  /** What the newest decision split off. */
  async split(): Promise<MarkTarget> {
    const decisions = await this.client.call('identity.decisions', {})
    return { kind: 'entity', id: decisions.find(({ kind }) => kind === 'split')?.result?.id ?? '' }
  }
  mark(target: MarkTarget, type: MarkType, value = '', text = '') {
    return this.client.call('work.mark', { targets: [target], type, value, text })
  }
  /** `type:value:text (by)` of everything on a thing. */
  async marks(target: MarkTarget): Promise<string[]> {
    const found = await this.client.call('work.of', { targets: [target] })
    return found
      .flatMap(({ marks }) => marks)
      .map(
        ({ type, value, text, actor }) =>
          `${[type, value, text].filter((part) => part !== '').join(':')} (${actor})`,
      )
      .sort()
  }
  plan(of: Analyst, by = 'Mei') {
    return this.client.run('merge.plan', { grant: of.casePath, by })
  }
  merge(of: Analyst, more: Partial<InputOf<'merge.run'>> = {}) {
    return this.client.run('merge.run', { grant: of.casePath, by: 'Mei', ...more })
  }
}
