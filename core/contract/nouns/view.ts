import { z } from 'zod'
import { command, query } from '../define.ts'
import { Id, IsoTime, Nothing } from '../shapes.ts'

/** Longest state of one view (UTF-16 units of its JSON): a file that was tampered with could make every listing slow. */
export const MAX_VIEW_STATE = 256 * 1024
/** Views of one screen; nobody finds anything in a longer list. */
export const MAX_VIEWS = 500

/** Screens that can be left as they stand; a page that went wrong could otherwise fill the case. */
export const MAX_DESK = 20

/** Which screen a view belongs to: `graph`, `timeline`, `mail` ... */
const Screen = z.string().regex(/^[a-z0-9-]{1,40}$/)
const Name = z.string().trim().min(1).max(200)
/** What the screen needs to show the same again; only the screen that saved it knows what is inside. */
const State = z.unknown()

/**
 * A view somebody saved: a picture of the graph, a filter and span of the timeline, a column set ... `state` is JSON of the
 * screen that made it; `core` does not look into it. A pin (`work.mark`, type `pin`) on `{kind: 'view', id}` puts it into the
 * report: the pin's `text` is the caption, `view.get` gives the state to draw the figure from.
 */
export const SavedView = z.object({
  id: Id,
  screen: z.string(),
  name: z.string(),
  state: State,
  at: IsoTime,
  changedAt: IsoTime.nullable(),
  actor: z.string(),
})
export type SavedView = z.infer<typeof SavedView>

export const viewMethods = {
  /**
   * Keeps a view in the case; one of the same screen and name is replaced and keeps its id (and so its pins). Undone by
   * `work.undo` like every step of the analyst's work.
   * @throws `request.invalid` (state longer than {@link MAX_VIEW_STATE}, more than {@link MAX_VIEWS} of a screen)
   */
  'view.save': command(z.strictObject({ screen: Screen, name: Name, state: State }), z.object({ id: Id })),
  /** Views of a screen (of all screens without one) by name, without their states. */
  'view.list': query(z.strictObject({ screen: Screen.nullish() }), z.array(SavedView.omit({ state: true }))),
  /** @throws `request.not_found` */
  'view.get': query(z.strictObject({ id: Id }), SavedView),
  /** @throws `request.not_found`, `request.invalid` (another view of the screen has that name) */
  'view.rename': command(z.strictObject({ id: Id, name: Name }), Nothing),
  /** Removes views; pins on them stay and say that their thing is not there, until undone. @throws `request.not_found` */
  'view.remove': command(z.strictObject({ ids: z.array(Id).min(1).max(MAX_VIEWS) }), Nothing),
  /**
   * How a screen stands, so that it stands so again when the case is opened next; null forgets it. No step of the analyst's work: not
   * in the audit log, not undone.
   * @throws `request.invalid` (longer than {@link MAX_VIEW_STATE}, more than {@link MAX_DESK} screens)
   */
  'view.leave': command(z.strictObject({ screen: Screen, state: State }), Nothing),
  /** How a screen was left; null when it never was. */
  'view.left': query(z.strictObject({ screen: Screen }), z.object({ state: State })),
} as const
