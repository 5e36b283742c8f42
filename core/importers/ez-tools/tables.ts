import type { CsvHeader } from '../csv/csv-header.ts'
import { FILE_SYSTEM } from './file-system.ts'
import { OPENED } from './opened.ts'
import { PREFETCH } from './prefetch.ts'
import { PROGRAM_CACHES } from './program-caches.ts'
import { REGISTRY } from './registry.ts'
import { RESOURCE_USAGE } from './resource-usage.ts'
import type { Table } from './table.ts'

const TABLES: readonly Table[] = [
  ...PREFETCH,
  ...PROGRAM_CACHES,
  ...FILE_SYSTEM,
  ...OPENED,
  ...REGISTRY,
  ...RESOURCE_USAGE,
]

/** The table that has these columns, whatever their order; undefined when it is none of the tools'. */
export const tableOf = (header: CsvHeader): Table | undefined =>
  TABLES.find(({ columns }) => header.has(...columns))
