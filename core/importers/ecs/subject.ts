import type { EventFields, EventKind } from '../../model/event.ts'
import { toHost } from '../../normalise/host.ts'
import { toPath } from '../../normalise/path.ts'
import { compact, hashOf, joined, toPid } from '../endpoint/values.ts'
import type { EcsDocument } from './document.ts'
import { entityId } from './parties.ts'

/** The thing acted on: file, library, registry value, name asked for, other process. Hashes are those of that thing. */
export function subject(document: EcsDocument, kind: EventKind): EventFields {
  switch (kind) {
    case 'process-start':
    case 'process-end':
      return hashes(document, 'process')
    case 'process-access':
    case 'remote-thread':
      return {
        target: toPath(document.text('Target.process.executable', 'Target.process.name')),
        targetPid: toPid(document.text('Target.process.pid')),
        targetGuid: entityId(document.text('Target.process.entity_id')),
        ...hashes(document, 'process'),
      }
    case 'image-load':
    case 'driver-load':
      return {
        target: toPath(document.text('dll.path', 'file.path', 'dll.name', 'driver.path')),
        ...firstHashes(document, 'dll', 'driver', 'file'),
        status: document.text('dll.code_signature.status', 'driver.code_signature.status'),
      }
    case 'dns-query':
      return { target: toHost(document.text('dns.question.name')) }
    case 'registry-key':
    case 'registry-set':
    case 'registry-delete':
    case 'registry-rename':
      return { target: registryPath(document) }
    default:
      return {
        target: registryPath(document) ?? toPath(document.text('file.path', 'file.name', 'dll.path')),
        ...firstHashes(document, 'file', 'dll', 'process'),
      }
  }
}

function registryPath(document: EcsDocument): string | undefined {
  const path = document.text('registry.path')
  if (path !== undefined) return path
  const key = document.text('registry.key')
  if (key === undefined) return undefined
  const hive = document.text('registry.hive')
  const value = document.text('registry.value')
  return joined([hive, key, value], '\\')
}

function hashes(document: EcsDocument, prefix: string): EventFields {
  return {
    sha256: hashOf('sha256', document.text(`${prefix}.hash.sha256`)),
    sha1: hashOf('sha1', document.text(`${prefix}.hash.sha1`)),
    md5: hashOf('md5', document.text(`${prefix}.hash.md5`)),
  }
}

function firstHashes(document: EcsDocument, ...prefixes: readonly string[]): EventFields {
  for (const prefix of prefixes) {
    const found = compact(hashes(document, prefix))
    if (Object.keys(found).length > 0) return found
  }
  return {}
}
