import { describe, expect, it } from 'vitest'
import { writeEvidence } from '../../../core/demo/evidence-files.ts'
import { DEMO_SEED } from '../../../core/demo/generate.ts'
import { makeTruth } from '../../../core/demo/make-truth.ts'
import { DEMO_POLICY, makePacks } from '../../../core/demo/packs.ts'
import { tellStory } from '../../../core/demo/story.ts'

const story = tellStory(DEMO_SEED)
const truth = makeTruth(DEMO_SEED, story, writeEvidence(story))

describe('the ground truth of the demo', () => {
  it('describes a company of the promised size', () => {
    expect(truth.mailboxes.length).toBe(300)
    expect(new Set(truth.users.map((user) => user.sid)).size).toBe(truth.users.length)
    expect(new Set(truth.users.map((user) => user.account.toLowerCase())).size).toBe(truth.users.length)
    const smtp = truth.users.flatMap((user) => user.smtp)
    expect(new Set(smtp).size).toBe(smtp.length)
    expect(new Set(truth.endpoints.map((host) => host.ip)).size).toBe(truth.endpoints.length)
    const roles = truth.endpoints.map((host) => host.role)
    expect(roles.filter((role) => role === 'server')).toHaveLength(12)
    expect(roles.filter((role) => role === 'domain-controller')).toHaveLength(2)
    expect(roles.filter((role) => role === 'workstation')).toHaveLength(280)
    const sameName = truth.users.filter((user) => user.displayName === 'Thomas Müller')
    expect(sameName.length).toBeGreaterThanOrEqual(2)
    expect(truth.users.map((user) => user.displayName)).toEqual(
      expect.arrayContaining(['髙橋 直樹', '林怡君', 'Şebnem Yıldız']),
    )
  })

  it('has paths whose hops join and whose times never run backwards', () => {
    for (const path of truth.paths) {
      expect(path.hops[0]?.from).toBe(path.from)
      expect(path.hops.at(-1)?.to).toBe(path.to)
      path.hops.slice(1).forEach((hop, index) => expect(hop.from).toBe(path.hops[index]?.to))
      const times = path.hops.flatMap((hop) => (hop.at === null ? [] : [hop.at]))
      expect(times).toEqual([...times].sort())
    }
  })

  it('keeps the decoys off every path', () => {
    const onPath = new Set(truth.paths.flatMap((path) => path.hops.flatMap((hop) => [hop.from, hop.to])))
    expect(truth.decoys.flatMap((decoy) => decoy.entities).filter((entity) => onPath.has(entity))).toEqual([])
  })

  it('lets nobody touch a message that never reached them, nor before it did', () => {
    for (const touch of truth.touched) {
      const person = truth.users.find((user) => `user:${user.account}` === touch.user)
      const copy = truth.exposures.find(
        (exposure) => exposure.messageId === touch.messageId && person?.smtp.includes(exposure.recipient),
      )
      expect(copy, `${touch.user} ${touch.action}`).toBeDefined()
      expect(touch.at > (copy?.deliveredAt ?? '')).toBe(true)
    }
    const clicked = truth.exposures.filter((exposure) => exposure.clickedAt !== null)
    expect(clicked).toHaveLength(truth.touched.filter((touch) => touch.action === 'clicked').length)
  })

  it('sends the link to forty, the document to fifteen and the forward to one who had neither', () => {
    const [link, document, forward] = truth.vectors
    expect([link?.mailboxes.length, document?.mailboxes.length, forward?.mailboxes.length]).toEqual([
      40, 15, 1,
    ])
    expect([...(link?.mailboxes ?? []), ...(document?.mailboxes ?? [])]).not.toContain(forward?.mailboxes[0])
  })

  it('turns the URLs the two packs differ in, and only those', () => {
    const [before, after] = makePacks(story.scene.random.fork('packs'))
    for (const { url, to } of truth.turned) {
      expect(before.text.includes(`"${url}"`)).toBe(to !== 'dangerous')
      expect(after.text.includes(`"${url}"`)).toBe(to === 'dangerous')
    }
    const excluded = new Set(truth.excluded.map((entry) => entry.messageId))
    expect(truth.newlyMatching.filter((entry) => excluded.has(entry.messageId))).toEqual([])
    expect(truth.noLongerMatching.filter((entry) => entry.restored)).toHaveLength(60)
    expect(DEMO_POLICY.retroScan.enabled).toBe(true)
  })

  it('never lets the stolen account succeed on the domain controller', () => {
    const controller = story.scene.hosts.server('DC01')
    const successes = story.scene.logs
      .read(controller, 'security')
      .filter((event) => event.eventId === 4624)
      .map((event) => new Map(event.data).get('TargetUserName'))
    expect(successes).not.toContain(story.scene.cast.helpdeskAdmin.sam)
    expect(successes).not.toContain(story.scene.cast.itAdmin.sam)
    expect(truth.nearMiss.failures).toHaveLength(4)
  })
})
