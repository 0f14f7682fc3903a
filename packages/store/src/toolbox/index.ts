// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/store/toolbox: work on a stopped store, of Java or of ours.
export { dumpFile, type DumpOptions } from './dump.ts'
export {
  exportMessages,
  type ExportedMessage,
  type ExportFilter,
  type ExportOptions,
} from './export.ts'
export { type Finding, type FindingCode, type Severity } from './findings.ts'
export { inspectStore, type QueueSummary, type StoreSummary } from './inspect.ts'
export { needsRepair, repairPreview, repairStore, type RepairOptions } from './repair.ts'
export { StoreFolder, type FolderOptions, type QueueDirectory } from './store-folder.ts'
export { verifyStore, type RepairPlan, type Verification, type VerifyOptions } from './verify.ts'
