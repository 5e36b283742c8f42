import type { Component } from 'vue'

/** What the inspector can show: `<kind>.inspector.vue` takes the prop `id`. Adding a kind is adding a file. */
const files = import.meta.glob<Component>('./*.inspector.vue', { eager: true, import: 'default' })
const byKind = new Map(
  Object.entries(files).map(([path, view]) => [path.slice(2, -'.inspector.vue'.length), view]),
)

export const findInspector = (kind: string): Component | undefined => byKind.get(kind)
