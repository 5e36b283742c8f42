import { type DeskClick, makeDeskNoise } from './noise-desks.ts'
import { LISTED, sendStoryMail, type StoryMail } from './story-mail.ts'
import { makeMailNoise } from './noise-mail.ts'
import { makeServerNoise } from './noise-servers.ts'
import { PostOffice } from './post-office.ts'
import type { Host } from './hosts.ts'
import type { Person } from './people.ts'
import { makeScene, type Scene } from './scene.ts'
import { type ClickStory, playClicks } from './story-click.ts'
import { type DecoyStory, playDecoys } from './story-decoys.ts'
import { type DocumentStory, playDocument } from './story-document.ts'
import { playServer, type ServerStory } from './story-server.ts'

/** Everything that happened, before any of it is written to a file. */
export interface Story {
  readonly scene: Scene
  readonly post: PostOffice
  readonly mail: StoryMail
  readonly clicks: ClickStory
  readonly document: DocumentStory
  readonly server: ServerStory
  readonly decoys: DecoyStory
  /** Who clicked the newsletter, guilty of nothing. */
  readonly newsletterReaders: readonly Person[]
  /** When they did. */
  readonly newsletterClicks: readonly DeskClick[]
}

const NEWSLETTER_IP = '192.0.2.211'
const NEWSLETTER_READERS = 22

export function tellStory(seed: number): Story {
  const scene = makeScene(seed)
  const post = new PostOffice(scene.random.fork('post'))
  makeMailNoise(scene, post)
  const mail = sendStoryMail(scene, post)
  const clicks = playClicks(scene, mail)
  const document = playDocument(scene, mail)
  const server = playServer(scene, document)
  const decoys = playDecoys(scene, mail)
  const { cast, hosts } = scene
  const storyPeople = [
    cast.clicker,
    cast.opener,
    cast.colleague,
    cast.helpdesk,
    cast.itAdminPerson,
    cast.accountant,
    ...mail.curious,
  ]
  const storyHosts = new Set(storyPeople.map((person) => hosts.deskOf(person)))
  const newsletterReaders = readNewsletter(scene, mail, storyHosts)
  const newsletterClicks = makeDeskNoise(scene, {
    storyHosts,
    clicks: new Map(
      newsletterReaders.map((person) => [
        hosts.deskOf(person),
        [{ url: LISTED.newsletterUrl, ip: NEWSLETTER_IP }],
      ]),
    ),
  })
  makeServerNoise(scene, new Set([...mail.linkRecipients, ...mail.documentRecipients, ...storyPeople]), [
    hosts.deskOf(cast.clicker),
    hosts.deskOf(cast.opener),
    hosts.server('FS01'),
    hosts.server('DC01'),
  ])
  return { scene, post, mail, clicks, document, server, decoys, newsletterReaders, newsletterClicks }
}

/** Readers whose copy was not held back and whose computer is nobody's in the story. */
function readNewsletter(scene: Scene, mail: StoryMail, storyHosts: ReadonlySet<Host>): Person[] {
  const passed = new Set(
    mail.newsletter.copies.filter((copy) => copy.action === 'pass').map((copy) => copy.mailbox),
  )
  const readers = scene.hosts.workstations
    .filter((host) => host.hasSensor && host.mailClient === 'outlook' && !storyHosts.has(host))
    .flatMap((host) => (host.owner && passed.has(host.owner.mail) ? [host.owner] : []))
  return scene.random.fork('newsletter').sample(readers, NEWSLETTER_READERS)
}
