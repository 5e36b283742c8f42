import { afterEach, describe, expect, it, vi } from 'vitest'
import { Analyst } from './two-cases.ts'

describe('two analysts', () => {
  const open: Analyst[] = []
  const start = async (...order: ('events' | 'mail')[]) => {
    const analyst = await Analyst.start(order.length === 0 ? undefined : order)
    open.push(analyst)
    return analyst
  }
  const copyOf = async (analyst: Analyst) => {
    const colleague = await analyst.copy()
    open.push(colleague)
    return colleague
  }
  const part = async (ann: Analyst, mei: Analyst, id: string) => {
    const { part: name, ...counts } = (await ann.plan(mei)).parts.find((one) => one.part === id) ?? {
      part: '',
    }
    return Object.fromEntries(
      Object.entries(counts).filter(([key, count]) => name !== '' && key !== 'same' && count > 0),
    )
  }
  afterEach(async () => {
    for (const analyst of open.splice(0)) await analyst.close()
  })

  it('have their marks brought together by content, whatever the row ids of either case are', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    await ann.mark(await ann.event(1), 'flag')
    await mei.mark(await mei.event(2), 'tag', 'lateral')
    await mei.mark(await mei.event(2), 'note', '', 'odd parent')
    await mei.mark(await mei.entity('message'), 'verdict', 'malicious', 'lure')
    await mei.mark(await mei.entity('user', 'amber'), 'pin', '', 'first victim')
    const plan = await ann.plan(mei)
    expect(plan.parts.find(({ part: id }) => id === 'mark')).toEqual({
      part: 'mark', add: 4, change: 0, remove: 0, conflict: 0, same: 0, kept: 1,
    }) // prettier-ignore
    expect(plan.evidence).toEqual({ both: 2, mineOnly: [], theirsOnly: [] })
    expect(plan.other).toMatchObject({ isSameCase: false, sharedEntries: 0 })
    const before = await ann.content()
    expect(await ann.content()).toBe(before)
    expect(await ann.merge(mei)).toMatchObject({ changed: 4, settled: 0, missing: [] })
    expect(await ann.marks(await ann.event(2))).toEqual(['note:odd parent (Mei)', 'tag:lateral (Mei)'])
    expect(await ann.marks(await ann.event(1))).toEqual(['flag (analyst)'])
    expect(await ann.marks(await ann.entity('message'))).toEqual(['verdict:malicious:lure (Mei)'])
    expect(await ann.marks(await ann.entity('user', 'amber'))).toEqual(['pin:first victim (Mei)'])
  })

  it('who merge twice change nothing the second time, not even the log', async () => {
    const ann = await start()
    const mei = await start('mail', 'events')
    await mei.mark(await mei.event(2), 'tag', 'lateral')
    await mei.client.call('view.save', { screen: 'timeline', name: 'Night', state: { text: 'cmd' } })
    await ann.merge(mei)
    const [content, info] = [await ann.content(), await ann.client.call('case.info', {})]
    expect(await ann.merge(mei)).toMatchObject({ merge: null, changed: 0, settled: 0 })
    expect(await ann.content()).toBe(content)
    expect((await ann.client.call('case.info', {}))?.auditHead).toBe(info?.auditHead)
  })

  it('who judge the same thing differently are asked, and nothing is written before they answer', async () => {
    const [ann, mei] = [await start(), await start('mail', 'events')]
    await ann.mark(await ann.event(1), 'verdict', 'benign', 'our script')
    await mei.mark(await mei.event(1), 'verdict', 'malicious', 'not ours')
    await ann.mark(await ann.event(2), 'verdict', 'suspicious', 'why?')
    await mei.mark(await mei.event(2), 'verdict', 'suspicious', 'odd hour')
    const plan = await ann.plan(mei)
    expect(plan.differences.map(({ action, sort, choices }) => [action, sort, choices])).toEqual([
      ['conflict', 'verdict', ['mine', 'theirs']],
      ['conflict', 'verdict', ['mine', 'theirs', 'both']],
    ])
    expect(plan.differences[0]).toMatchObject({
      subject: { kind: 'event', name: expect.stringContaining('events.json #') as string },
      mine: { value: 'benign', text: 'our script', by: 'analyst' },
      theirs: { value: 'malicious', text: 'not ours', by: 'Mei' },
    })
    const before = await ann.content()
    await expect(ann.merge(mei)).rejects.toMatchObject({ code: 'merge.conflicts', params: { count: 2 } })
    const [first, second] = plan.differences.map(({ id }) => id)
    await expect(ann.merge(mei, { choices: { [first ?? '']: 'both' }, prefer: 'mine' })).rejects.toThrow()
    expect(await ann.content()).toBe(before)
    await ann.merge(mei, { choices: { [first ?? '']: 'theirs', [second ?? '']: 'both' } })
    expect(await ann.marks(await ann.event(1))).toEqual(['verdict:malicious:not ours (Mei)'])
    expect(await ann.marks(await ann.event(2))).toEqual(['verdict:suspicious:why?\n\nodd hour (analyst)'])
    expect((await ann.merge(mei)).merge).toBeNull()
  })

  it('are not asked again about a conflict that was settled, until one of them changes it', async () => {
    const [ann, mei] = [await start(), await start()]
    await ann.mark(await ann.event(1), 'verdict', 'benign')
    await mei.mark(await mei.event(1), 'verdict', 'malicious')
    expect(await ann.merge(mei, { prefer: 'mine' })).toMatchObject({ changed: 0, settled: 1 })
    expect(await ann.marks(await ann.event(1))).toEqual(['verdict:benign (analyst)'])
    expect((await ann.merge(mei)).merge).toBeNull()
    await mei.mark(await mei.event(1), 'verdict', 'malicious', 'look at its parent')
    expect(await part(ann, mei, 'mark')).toEqual({ conflict: 1 })
    // The colleague who takes our case over sees that ours was decided knowing theirs, as long as theirs is what it was.
    await mei.client.call('work.undo', {})
    expect(await part(mei, ann, 'mark')).toEqual({ change: 1 })
  })

  it('who part from a copy: what one changed or removed follows, what both changed is a conflict', async () => {
    const ann = await start()
    for (const number of [0, 1, 2, 3, 4])
      await ann.mark(await ann.event(number), 'verdict', 'suspicious', `${number}`)
    const mei = await copyOf(ann)
    const { other } = await ann.plan(mei)
    expect(other.isSameCase).toBe(true)
    expect(other.sharedEntries).toBe(other.auditEntries)
    await mei.mark(await mei.event(0), 'verdict', 'malicious', 'sure')
    const remove = async (analyst: Analyst, number: number) => {
      const [found] = await analyst.client.call('work.of', { targets: [await analyst.event(number)] })
      await analyst.client.call('work.unmark', { ids: (found?.marks ?? []).map(({ id }) => id) })
    }
    await remove(mei, 1)
    await remove(ann, 2)
    await ann.mark(await ann.event(3), 'verdict', 'benign', 'no')
    await mei.mark(await mei.event(3), 'verdict', 'malicious', 'yes')
    await remove(mei, 4)
    await ann.mark(await ann.event(4), 'verdict', 'benign', 'still there')
    expect(await part(ann, mei, 'mark')).toEqual({ change: 1, remove: 1, conflict: 2, kept: 1 })
    await ann.merge(mei, { prefer: 'theirs' })
    expect(await ann.marks(await ann.event(0))).toEqual(['verdict:malicious:sure (Mei)'])
    expect(await ann.marks(await ann.event(1))).toEqual([])
    expect(await ann.marks(await ann.event(2))).toEqual([])
    expect(await ann.marks(await ann.event(3))).toEqual(['verdict:malicious:yes (Mei)'])
    expect(await ann.marks(await ann.event(4))).toEqual([])
    expect((await ann.merge(mei)).merge).toBeNull()
  })

  it('agree on who is who: merges and splits follow, and marks on what was split off find it', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    // Ours has a decision of its own, so that numbers of decisions differ.
    const users = [(await ann.entity('user', 'amber')).id, (await ann.entity('user', 'basil')).id]
    await ann.client.call('identity.merge', { ids: users, reason: 'one person' })
    await mei.client.call('identity.split', {
      id: (await mei.entity('endpoint', 'ws01')).id,
      aliases: [{ kind: 'netbios', value: 'WS01' }],
      reason: 'a clone',
    })
    await mei.client.run('correlation.run', {})
    const apart = await mei.split()
    await mei.mark(apart, 'note', '', 'not this one')
    await ann.merge(mei)
    expect((await ann.client.call('case.info', {}))?.correlationStale).toBe(true)
    await ann.client.run('correlation.run', {})
    const decisions = await ann.client.call('identity.decisions', {})
    expect(decisions.map(({ kind, by, state, reason }) => [kind, by, state, reason])).toEqual([
      ['split', 'Mei', 'applied', 'a clone'],
      ['merge', 'analyst', 'applied', 'one person'],
    ])
    expect(await ann.marks(await ann.split())).toEqual(['note:not this one (Mei)'])
    expect((await ann.merge(mei)).merge).toBeNull()
  })

  it('see of a policy that both changed what each says otherwise', async () => {
    const ann = await start()
    await ann.judge()
    const mei = await copyOf(ann)
    const { policy } = await ann.client.call('policy.get', {})
    await ann.client.call('policy.set', { policy: { ...policy, securityLevel: 'high' } })
    await mei.client.call('policy.set', {
      policy: {
        ...policy,
        securityLevel: 'low',
        blockedUrls: { enabled: true, urls: ['a.example', 'b.example'] },
      },
    })
    const conflict = (await ann.plan(mei)).differences.find(({ action }) => action === 'conflict')
    expect([conflict?.mine?.text.split('\n'), conflict?.theirs?.text.split('\n')]).toEqual([
      ['securityLevel: high', 'blockedUrls.enabled: false', 'blockedUrls.urls: –'],
      ['securityLevel: low', 'blockedUrls.enabled: true', 'blockedUrls.urls: a.example, b.example'],
    ])
  })

  it('are asked where one merged what the other split', async () => {
    const [ann, mei] = [await start(), await start()]
    const machines = [(await ann.entity('endpoint', 'ws01')).id, (await ann.entity('endpoint', 'ws02')).id]
    await ann.client.call('identity.merge', { ids: machines, reason: 'one machine, renamed' })
    await mei.client.call('identity.split', {
      id: (await mei.entity('endpoint', 'ws01')).id,
      aliases: [{ kind: 'netbios', value: 'WS01' }],
      reason: 'a clone',
    })
    const [conflict, ...others] = (await ann.plan(mei)).differences
    expect(others).toEqual([])
    expect(conflict).toMatchObject({
      action: 'conflict',
      sort: 'split',
      mine: {
        sort: 'merge',
        value: expect.stringContaining(' + ') as string,
        text: 'one machine, renamed',
        by: 'analyst',
      },
      theirs: { sort: 'split', value: 'WS01', text: 'a clone', by: 'Mei' },
      choices: ['mine', 'theirs', 'both'],
    })
    await ann.merge(mei, { prefer: 'theirs' })
    const decisions = await ann.client.call('identity.decisions', {})
    expect(decisions.map(({ kind, state }) => [kind, state])).toEqual([
      ['split', 'pending'],
      ['merge', 'undone'],
    ])
    expect((await ann.merge(mei)).merge).toBeNull()
  })

  it('are asked where one merged what the other keeps apart, and share what is kept apart', async () => {
    const [ann, mei] = [await start(), await start()]
    const machines = async (of: Analyst) => [
      (await of.entity('endpoint', 'ws01')).id,
      (await of.entity('endpoint', 'ws02')).id,
    ]
    await mei.client.call('identity.apart', { ids: await machines(mei), reason: 'two machines' })
    const [added] = (await ann.plan(mei)).differences
    expect(added).toMatchObject({
      action: 'add',
      sort: 'apart',
      theirs: { value: expect.stringContaining(' ≠ ') as string },
    })
    await ann.merge(mei)
    expect((await ann.client.call('identity.decisions', {}))[0]).toMatchObject({
      kind: 'apart',
      state: 'applied',
      by: 'Mei',
    })
    expect((await ann.client.call('case.info', {}))?.correlationStale).toBe(false)
    const leo = await start()
    await leo.client.call('identity.merge', { ids: await machines(leo), reason: 'renamed' })
    const [conflict] = (await leo.plan(mei)).differences
    expect(conflict).toMatchObject({ action: 'conflict', mine: { sort: 'merge' }, theirs: { sort: 'apart' } })
  })

  it('have decisions about steps of the plan brought together: a step is the same in both cases', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    await ann.judge()
    await mei.judge()
    const [ours, theirs] = [await ann.steps(), await mei.steps()]
    expect([...ours.keys()].sort()).toEqual(['block-url', 'quarantine-message'])
    expect(theirs).toEqual(ours)
    await ann.decide([ours.get('block-url')], 'approved', 'at the proxy')
    await mei.decide([theirs.get('block-url')], 'declined', 'shared host')
    await mei.decide([theirs.get('quarantine-message')], 'approved', 'now')
    const plan = await ann.plan(mei)
    expect(plan.differences.map(({ action, sort, subject }) => [action, sort, subject.name])).toEqual([
      ['conflict', 'block-url', 'https://evil.example/a'],
      ['add', 'quarantine-message', expect.stringContaining('amber') as string],
    ])
    await ann.merge(mei, { prefer: 'theirs' })
    expect((await ann.stepStates()).sort()).toEqual([
      'block-url: declined (shared host)',
      'quarantine-message: approved (now)',
    ])
  })

  it('have policies, packs, criteria, views and what was added by hand brought where they are missing', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    await mei.judge()
    const criteria = await mei.client.call('sweep.read', { text: 'https://evil.example/a', name: 'Lures' })
    const { counts: _counts, ...saved } = criteria
    await mei.client.call('sweep.save', { criteria: saved })
    await ann.client.call('view.save', { screen: 'timeline', name: 'Night', state: { text: 'ours' } })
    await mei.client.call('view.save', { screen: 'timeline', name: 'Night', state: { text: 'theirs' } })
    const { entityId } = await mei.client.call('work.addEntity', {
      kind: 'endpoint',
      name: 'USB stick',
      reason: 'seen on site',
    })
    await mei.client.call('work.relate', {
      from: entityId,
      to: (await mei.entity('endpoint', 'ws01')).id,
      label: 'was plugged into',
      reason: 'said the user',
    })
    const result = await ann.merge(mei)
    expect(result.parts.filter(({ add }) => add > 0).map(({ part: id, add }) => [id, add])).toEqual([
      ['pack', 1],
      ['policy', 1],
      ['sweep', 1],
      ['added', 2],
      ['view', 1],
    ])
    const [pack] = await ann.client.call('pack.list', {})
    expect(pack).toMatchObject({ name: 'feed', version: '1', entries: 1, isOn: true })
    expect((await ann.client.call('url.list', { limit: 10 })).rows.map(({ risk }) => risk.now)).toContain(
      'dangerous',
    )
    expect((await ann.client.call('policy.list', {})).map(({ name }) => name)).toEqual(['mail'])
    expect((await ann.client.call('sweep.saved', {})).map(({ name }) => name)).toEqual(['Lures'])
    const views = await ann.client.call('view.list', {})
    expect(views.map(({ name, actor }) => `${name} by ${actor}`)).toEqual([
      'Night by analyst',
      'Night (Mei) by Mei',
    ])
    const added = await ann.client.call('work.added', {})
    expect(added.relations.map(({ from, to, label, actor }) => [from.name, label, to.name, actor])).toEqual([
      ['USB stick', 'was plugged into', expect.stringMatching(/^ws01/i) as string, 'Mei'],
    ])
    expect((await ann.merge(mei)).merge).toBeNull()
  })

  it('have what is set and written for the report brought together: terms to hide add up, two texts are asked', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    const write = { section: 'findings', place: 'after' as const }
    await ann.mark(await ann.entity('user', 'amber'), 'pin')
    for (const word of ['basil', 'amber']) await mei.mark(await mei.entity('user', word), 'pin')
    const pinOf = async (analyst: Analyst, word: string) =>
      (await analyst.client.call('work.of', { targets: [await analyst.entity('user', word)] }))[0]?.marks[0]
        ?.id ?? ''
    await ann.client.call('report.save', {
      lang: 'zh-TW',
      title: 'Parcel',
      scope: 'Two machines.',
      blocks: [{ ...write, text: 'Ann saw it.' }],
      options: { timeline: { rows: 50 } },
      redaction: { users: true, endpoints: false, addresses: 'own', terms: ['Falcon'] },
    })
    await mei.client.call('report.save', {
      lang: 'ja',
      title: 'Lure',
      client: 'Corp',
      classification: 'TLP:RED',
      scope: 'The mailbox.',
      sections: ['cover', 'findings'],
      blocks: [
        { ...write, text: 'Mei saw it too.' },
        { section: 'timeline', place: 'before', text: 'Read from below.' },
      ],
      options: { timeline: { rows: 200, marked: true } },
      withoutFigures: [await pinOf(mei, 'amber')],
      redaction: { users: false, endpoints: true, addresses: 'all', terms: ['Falcon', 'Heron'] },
    })
    const plan = await ann.plan(mei)
    const asked = plan.differences.filter(({ action }) => action === 'conflict')
    expect(asked.map(({ sort, subject, mine, theirs, choices }) => [sort, subject.name, mine?.text || mine?.value, theirs?.text || theirs?.value, choices.length])).toEqual([
      ['title', '', 'Parcel', 'Lure', 2],
      ['classification', '', 'TLP:AMBER', 'TLP:RED', 2],
      ['scope', '', 'Two machines.', 'The mailbox.', 3],
      ['text-block', 'findings · after', 'Ann saw it.', 'Mei saw it too.', 3],
      ['option', 'timeline · rows', '50', '200', 2],
      ['redaction', 'addresses', 'own', 'all', 2],
    ]) // prettier-ignore
    expect(await part(ann, mei, 'report')).toEqual({ add: 7, conflict: 6, kept: 1 })
    const before = (await ann.client.call('report.settings', {})).settings
    const choices = Object.fromEntries(
      asked.map(({ id, sort }) => [id, sort === 'title' ? 'mine' : sort.startsWith('t') || sort === 'scope' ? 'both' : 'theirs'] as const),
    ) // prettier-ignore
    const { merge } = await ann.merge(mei, { choices })
    expect((await ann.client.call('report.settings', {})).settings).toMatchObject({
      lang: 'zh-TW',
      title: 'Parcel',
      client: 'Corp',
      classification: 'TLP:RED',
      scope: 'Two machines.\n\nThe mailbox.',
      sections: ['cover', 'findings'],
      blocks: [
        { ...write, text: 'Ann saw it.' },
        { ...write, text: 'Mei saw it too.' },
        { section: 'timeline', place: 'before', text: 'Read from below.' },
      ],
      options: { timeline: { rows: 200, marked: true } },
      withoutFigures: [await pinOf(ann, 'amber')],
      redaction: { users: true, endpoints: true, addresses: 'all', terms: ['Falcon', 'Heron'] },
    })
    expect((await ann.merge(mei)).merge).toBeNull()
    await ann.client.call('merge.undo', { id: merge ?? '' })
    expect((await ann.client.call('report.settings', {})).settings).toEqual(before)
  })

  it('have evidence that only one of them has imported from its originals; marks on it wait until then', async () => {
    const [ann, mei] = [new Analyst(), await start()]
    open.push(ann)
    await ann.client.call('case.create', { grant: ann.casePath })
    await mei.mark(await mei.event(1), 'note', '', 'begin here')
    const plan = await ann.plan(mei)
    expect(plan.evidence.theirsOnly.map(({ name }) => name).sort()).toEqual(['events.json', 'parcel.eml'])
    const first = await ann.merge(mei)
    expect(first).toMatchObject({ changed: 1, imported: [] })
    expect(first.missing).toHaveLength(2)
    const { rows } = await ann.client.call('work.list', {})
    expect(rows).toMatchObject([{ text: 'begin here', target: { kind: 'event', id: null } }])
    const second = await ann.merge(mei, { evidence: [mei.folder], correlate: true })
    expect(second.imported.map(({ name }) => name).sort()).toEqual(['events.json', 'parcel.eml'])
    expect(second).toMatchObject({ missing: [], merge: null })
    expect(await ann.marks(await ann.event(1))).toEqual(['note:begin here (Mei)'])
    expect((await ann.client.call('case.info', {}))?.correlationStale).toBe(false)
  })

  it('can take a merge back: what was changed since stays, and merging again brings it again', async () => {
    const [ann, mei] = [await start('events', 'mail'), await start('mail', 'events')]
    await ann.judge()
    await mei.judge()
    await ann.mark(await ann.event(1), 'verdict', 'benign', 'ours')
    await mei.mark(await mei.event(1), 'verdict', 'malicious', 'theirs')
    await mei.mark(await mei.event(2), 'tag', 'lateral')
    await mei.mark(await mei.event(3), 'note', '', 'see also')
    await mei.decide([(await mei.steps()).get('block-url')], 'approved')
    const { merge } = await ann.merge(mei, { prefer: 'theirs' })
    const [note] = (await ann.client.call('work.list', { type: 'note' })).rows
    // Both within one moment of the clock: only what took the merge back must be left out of the history.
    const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now())
    await ann.client.call('work.edit', { id: note?.id ?? '', text: 'see also, and ask' })
    expect(await ann.client.call('merge.undo', { id: merge ?? '' })).toEqual({ restored: 3, left: 1 })
    clock.mockRestore()
    expect(await ann.marks(await ann.event(1))).toEqual(['verdict:benign:ours (analyst)'])
    expect(await ann.marks(await ann.event(2))).toEqual([])
    expect(await ann.marks(await ann.event(3))).toEqual(['note:see also, and ask (Mei)'])
    expect(await ann.stepStates()).toEqual([])
    expect(await part(ann, mei, 'mark')).toEqual({ add: 1, conflict: 1, kept: 1 })
    await expect(ann.client.call('merge.undo', { id: merge ?? '' })).rejects.toMatchObject({
      code: 'request.not_found',
    })
    expect(await ann.client.call('merge.list', {})).toMatchObject([
      { by: 'Mei', items: 4, undoneAt: expect.any(String) as string },
    ])
    const items = await ann.client.call('merge.items', { id: merge ?? '' })
    expect(
      items.rows.map(({ part: id, sort, before, after }) => [id, sort, before?.value, after?.value]),
    ).toEqual([
      ['plan', 'step', undefined, 'approved'],
      ['mark', 'verdict', 'benign', 'malicious'],
      ['mark', 'tag', undefined, 'lateral'],
      ['mark', 'note', undefined, ''],
    ])
  })

  it('cannot write over what changed since they looked', async () => {
    const [ann, mei] = [await start(), await start()]
    await mei.mark(await mei.event(1), 'flag')
    const { fingerprint } = await ann.plan(mei)
    await mei.mark(await mei.event(2), 'flag')
    await expect(ann.merge(mei, { fingerprint })).rejects.toMatchObject({ code: 'merge.changed' })
    expect(await ann.client.call('merge.list', {})).toEqual([])
  })

  it('leave out kinds of work, and single changes that one of them does not want', async () => {
    const [ann, mei] = [await start(), await start()]
    await mei.judge()
    await mei.mark(await mei.event(1), 'flag')
    await mei.mark(await mei.event(2), 'flag')
    const plan = await ann.plan(mei)
    const unwanted = plan.differences.find(({ part: id }) => id === 'mark')?.id ?? ''
    await ann.merge(mei, { without: ['pack', 'policy'], choices: { [unwanted]: 'mine' } })
    expect(await ann.client.call('pack.list', {})).toEqual([])
    expect((await ann.client.call('work.list', {})).rows).toHaveLength(1)
    expect(await part(ann, mei, 'mark')).toEqual({ kept: 1 })
  })
})
