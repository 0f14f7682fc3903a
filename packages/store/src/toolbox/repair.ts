// SPDX-License-Identifier: Apache-2.0
// Repairs a stopped store: sound messages stay where they are, what is damaged is taken out, and queues and index are built again.
//
// The order makes every place at which the process may die one from which a start of the broker, or another repair, goes on:
// 1. The sizes of files are remembered in `repair.unfinished`, and the directory is marked as not stopped in order.
// 2. Single bits that the checksums tell are turned back.
// 3. Queue entries without a record point nowhere from now on.
// 4. Missing files of the log become blank ones, damaged stretches become records that no queue knows.
// 5. The checkpoint vouches for nothing any more, wrong entries are cut, a wrong index is removed.
// 6. The store is opened, which builds queues and index again, and is closed in order.
import { putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import { readCheckpoint, writeCheckpoint } from '../checkpoint.ts'
import { parseStoreConfig, type StoreConfig } from '../config.ts'
import { ENTRY_BYTES, FILLER_SIZE } from '../consume-queue.ts'
import { StoreError } from '../errors.ts'
import { isLmq } from '../multi-dispatch.ts'
import { MessageStore } from '../message-store.ts'
import { sumUpAgain } from './checksum-check.ts'
import { UNIT_BYTES } from '../compaction/compaction-format.ts'
import { compactedFolders, compactionSizes } from './compacted-folder.ts'
import { batchTopics, compactedTopics } from './config-tables.ts'
import { aimHoles } from './java-holes.ts'
import { forgetPositions } from './positions.ts'
import { blank, standIns } from './stand-in.ts'
import { type QueueRepair } from './queue-check.ts'
import { StoreFolder, type FolderOptions } from './store-folder.ts'
import { unfinishedPath, type Verification, type VerifyOptions, verifyStore } from './verify.ts'

/** Never reached while a store is repaired. */
const FOREVER_MS = Number.MAX_SAFE_INTEGER
/** The longest there is. */
const COMPACTION_INTERVAL_MS = 86_400_000
const POLL_MS = 20

/** Options of {@link repairStore}. */
export interface RepairOptions
  extends Omit<FolderOptions, 'files'>, Omit<VerifyOptions, 'folder' | 'turn'> {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files' | 'host'>
  readonly logger?: Logger | undefined
  /** Hears what is done. */
  readonly step?: ((step: string) => void) | undefined
}

/** True when a verification found something that a repair puts right, or the next start of a broker would. */
export function needsRepair({ plan }: Verification): boolean {
  const isWrong = isLogWrong({ plan }) || isQueueWrong({ plan }) || plan.doubtful.length > 0
  const isCopied = plan.isQueueTableWrong || plan.compacted.some(({ isInLog }) => isInLog)
  return isWrong || isCopied || plan.rebuildIndex || plan.isUnclean
}

/** What a repair would do, one line each, and which messages are lost by it. */
export function repairPreview(verification: Verification): { steps: string[]; lost: string[] } {
  const { plan } = verification
  const lost = plan.gaps.map(
    ({ from, to, name }) => `${name ?? 'unreadable'}: ${to - from} bytes at ${from}`,
  )
  const steps: string[] = []
  if (plan.isUnclean)
    steps.push('the store is recovered as the next start of the broker would do it')
  const add = (count: number, what: string): void =>
    void (count > 0 && steps.push(`${count} ${what}`))
  add(plan.flips.length, 'bits of the log are turned back to what was written')
  add(plan.missingFiles.length, 'missing files of the log are replaced by blank ones')
  add(plan.shortFiles.length, 'files of the log are filled up to their length')
  add(plan.gaps.length, 'damaged stretches of the log are taken out; what lies behind them stays')
  add(
    plan.doubtful.length,
    'stretches of 4096 bytes are not what was written although their records look sound: they stay, and get new checksums',
  )
  add(plan.queues.length, 'queues have wrong entries')
  add(plan.missingQueues, 'queues are missing')
  if (isLogWrong(verification) || isQueueWrong(verification)) {
    steps.push(
      'all queues are built again from the log; entries of messages that have left it stay',
    )
  }
  if (plan.isQueueTableWrong) steps.push('the table of queues is removed')
  const again = plan.compacted.filter(({ isInLog }) => isInLog).length
  add(again, 'compacted queues are removed and copied again from the log, which has all of them')
  add(
    plan.compacted.length - again,
    'compacted queues are left as they are: the log has not all of their messages any more',
  )
  if (plan.rebuildIndex) steps.push('the index is removed and built again from the log')
  return { steps, lost }
}

/**
 * Repairs what {@link verifyStore} finds; a store without errors is not touched. Resolves with the verification before and, when
 * something was done, the one after.
 * @throws {StoreError} RMQ_STORE_LOCKED when a process has the store open; RMQ_STORE_LAYOUT when it cannot be repaired.
 */
export async function repairStore(
  options: RepairOptions,
): Promise<{ before: Verification; after: Verification | undefined }> {
  const { files } = options.runtime
  const folder = new StoreFolder({ ...options, files })
  const lock = folder.lock()
  let before: Verification
  let judged: Verification
  let config: StoreConfig
  try {
    before = await verify(folder, options)
    if (!needsRepair(before)) return { before, after: undefined }
    refuseHopeless(folder, before)
    config = configOf(folder, before)
    rememberSizes(folder, config)
    judged = await putInOrder(folder, before, options)
  } finally {
    folder.close()
    lock.release()
  }
  options.step?.('building queues and index again')
  await reopen(config, folder, judged, options)
  leaveToJava(folder, options)
  files.remove(unfinishedPath(folder.paths.root))
  files.flushDirectory(folder.paths.root)
  const again = new StoreFolder({ ...options, files })
  try {
    return { before, after: await verify(again, options) }
  } finally {
    again.close()
  }
}

function verify(folder: StoreFolder, options: RepairOptions): Promise<Verification> {
  return verifyStore({ ...options, folder, turn: options.runtime.turn })
}

function isLogWrong({ plan }: Pick<Verification, 'plan'>): boolean {
  const { flips, gaps, missingFiles, shortFiles } = plan
  return flips.length + gaps.length + missingFiles.length + shortFiles.length > 0
}

function isQueueWrong({ plan }: Pick<Verification, 'plan'>): boolean {
  return plan.queues.length + plan.missingQueues > 0
}

function refuseHopeless(folder: StoreFolder, { plan }: Verification): void {
  const { log, paths } = folder
  if (log.fileBytes === 0) {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `no file in ${paths.commitLogs.join(', ')} says how long files of the log are; tell it, or start the broker, which recovers the store`,
    )
  }
  const { logBytes, unitBytes } = compactionSizes(folder)
  const isCut = unitBytes % UNIT_BYTES > 0 || logBytes % unitBytes > 0 || logBytes < 5 * unitBytes
  if (compactedFolders(folder).length > 0 && (isCut || logBytes + unitBytes === 0)) {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `the files in ${paths.compaction}, ${logBytes} and ${unitBytes} bytes, do not say how long they should be; start the broker, which recovers them, or put the directory away`,
    )
  }
  for (const start of plan.shortFiles) {
    const file = log.files.find((one) => one.start === start)
    const isOdd = (start - log.start) % log.fileBytes !== 0
    if (file !== undefined && !isOdd && file.byteLength <= log.fileBytes) continue
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `${file?.path ?? String(start)} does not fit between the other files of ${log.fileBytes} bytes; put it away, or tell the right size`,
    )
  }
}

async function putInOrder(
  folder: StoreFolder,
  found: Verification,
  options: RepairOptions,
): Promise<Verification> {
  const { files, paths, log } = folder
  // Without it the next start looks into the queues' files; with the mark it is not read anyway.
  files.remove(paths.queueTable)
  options.step?.('marking the store as not stopped in order')
  files.writeFile(paths.abort, Buffer.from('0'), { durable: true })
  files.flushDirectory(paths.root)
  let verification = found
  if (found.plan.flips.length > 0) {
    options.step?.(`turning ${found.plan.flips.length} bits back`)
    turnBack(folder, found)
    // What was damaged may be sound now.
    folder.close()
    verification = await verify(new StoreFolder({ ...options, files }), options)
  }
  const { plan } = verification
  for (const queue of plan.queues) pointNowhere(folder, queue)
  for (const start of plan.missingFiles) makeBlankFile(folder, start)
  for (const start of plan.shortFiles) lengthen(folder, start)
  if (plan.gaps.length > 0) options.step?.(`taking out ${plan.gaps.length} damaged stretches`)
  for (const gap of plan.gaps) {
    if (plan.missingFiles.includes(gap.from)) continue
    const fileEnd = log.startOf(gap.from) + log.fileBytes
    const bytes = gap.to === fileEnd ? [blank(gap.to - gap.from)] : standIns(gap)
    writeLog(folder, gap.from, bytes)
    sumUpAgain(folder, gap.from, gap.to)
  }
  // They stay, and are served again: nobody can say which of them is not what it was.
  for (const { offset } of plan.doubtful) sumUpAgain(folder, offset, offset + 1)
  if (isLogWrong(verification) || isQueueWrong(verification)) {
    const checkpoint = readCheckpoint(files, paths.checkpoint)
    checkpoint.logicsPhysicalOffset = 0
    checkpoint.logicsMsgTimestampMs = 0
    await writeCheckpoint(files, paths.checkpoint, checkpoint)
    for (const queue of plan.queues) cutQueue(folder, queue)
  }
  removeCompacted(folder, verification)
  if (plan.rebuildIndex) {
    files.remove(paths.indexProgress)
    for (const name of folder.indexFiles()) files.remove(`${paths.index}/${name}`)
    files.flushDirectory(paths.index)
  }
  return verification
}

/** Position first: without its files a queue is compacted from its start. */
function removeCompacted(folder: StoreFolder, { plan }: Verification): void {
  const { files, paths } = folder
  const gone = plan.compacted.filter(({ isInLog }) => isInLog)
  if (gone.length === 0) return
  forgetPositions(
    folder,
    gone.map(({ topic, queueId }) => `${topic}_${queueId}`),
  )
  for (const { log, units, topic } of gone) {
    for (const directory of [log, units]) if (files.stat(directory)) files.remove(directory)
    for (const kind of ['compactionLog', 'compactionCq']) {
      const parent = `${paths.compaction}/${kind}/${topic}`
      if (files.stat(parent)) files.flushDirectory(parent)
    }
  }
}

/** The store is closed: nothing else changes it. */
function leaveToJava(folder: StoreFolder, options: RepairOptions): void {
  const { files } = options.runtime
  const repaired = new StoreFolder({ ...options, files })
  try {
    aimHoles(repaired, (path, position, bytes) => {
      // Its minimums may not be right any more.
      files.remove(folder.paths.queueTable)
      writeDurably(repaired, path, position, [bytes])
    })
  } finally {
    repaired.close()
  }
}

function turnBack(folder: StoreFolder, { plan }: Verification): void {
  const byte = new Uint8Array(1)
  for (const { offset, bit } of plan.flips) {
    folder.log.read(offset, byte)
    byte[0] = (byte[0] ?? 0) ^ (1 << bit)
    writeLog(folder, offset, [byte])
  }
}

function writeLog(folder: StoreFolder, offset: number, bytes: readonly Uint8Array[]): void {
  writeDurably(folder, folder.log.pathOf(offset), offset - folder.log.startOf(offset), bytes)
}

function writeDurably(
  folder: StoreFolder,
  path: string,
  position: number,
  bytes: readonly Uint8Array[],
): void {
  const file = folder.files.open(path, 'write')
  try {
    file.writeSync(bytes, position)
    file.flushSync()
  } finally {
    file.close()
  }
}

function pointNowhere(folder: StoreFolder, { kind, path, nowhere }: QueueRepair): void {
  if (kind === 'BatchCQ' || nowhere.length === 0) return
  const row = folder.row(path, folder.queueFileBytes(kind))
  const filler = new Uint8Array(ENTRY_BYTES)
  putInt64(filler, 0, 0)
  putInt32(filler, 8, FILLER_SIZE)
  for (const index of nowhere) {
    const position = index * ENTRY_BYTES
    const file = row.at(position)
    if (file !== undefined) writeDurably(folder, file.path, position - file.start, [filler])
  }
}

function makeBlankFile(folder: StoreFolder, start: number): void {
  const { files, log } = folder
  const path = log.pathOf(start)
  // Under another name until it is whole: an empty file would end the log.
  const unfinished = `${path}.unfinished`
  const file = files.open(unfinished, 'create')
  file.truncate(log.fileBytes)
  file.writeSync([blank(log.fileBytes)], 0)
  file.flushSync()
  file.close()
  files.rename(unfinished, path)
  files.flushDirectory(log.directory)
}

function lengthen(folder: StoreFolder, start: number): void {
  const { files, log } = folder
  const file = files.open(log.pathOf(start), 'write')
  file.truncate(log.fileBytes)
  file.flushSync()
  file.close()
}

/** Removes entries from the first whose message is in the log; all of them when files are missing. */
function cutQueue(folder: StoreFolder, queue: QueueRepair): void {
  const { files } = folder
  const row = folder.row(queue.path, folder.queueFileBytes(queue.kind))
  const isBroken = row.missing().length > 0 || row.misshapen().length > 0
  if (isBroken) {
    files.remove(queue.path)
    return
  }
  const entryBytes = queue.kind === 'BatchCQ' ? 46 : ENTRY_BYTES
  const first =
    queue.from >= 0 ? queue.from : queue.kind === 'BatchCQ' ? queue.nowhere[0] : undefined
  if (first === undefined) return
  const position = first * entryBytes
  for (const file of row.files.toReversed()) {
    if (file.start >= position) {
      files.remove(file.path)
    } else if (file.start + row.fileBytes > position) {
      const open = files.open(file.path, 'write')
      open.truncate(position - file.start)
      open.truncate(row.fileBytes)
      open.flushSync()
      open.close()
    }
  }
  files.flushDirectory(queue.path)
}

function configOf(folder: StoreFolder, { plan }: Verification): StoreConfig {
  const { log, paths } = folder
  let hasLight = plan.hasLightQueues
  let extBytes = 0
  for (const queue of folder.queues()) {
    extBytes = Math.max(extBytes, queue.kind === 'SimpleCQ' ? folder.extRow(queue).fileBytes : 0)
    hasLight ||= isLmq(queue.topic)
  }
  const [index] = folder.indexFiles()
  const indexPath = `${paths.index}/${index ?? ''}`
  const shape =
    index === undefined ? undefined : folder.shapeOf(folder.files.stat(indexPath)?.byteLength ?? 0)
  const compaction = compactionSizes(folder)
  const seen = {
    // One byte less, and rounding brings it to the length that was found.
    compactionLogSegmentBytes: compaction.unitBytes > 0 ? compaction.logBytes - 1 : 0,
    compactionQueueSegmentBytes: compaction.unitBytes,
    consumeQueueSegmentBytes: folder.queueFileBytes('SimpleCQ'),
    batchConsumeQueueSegmentBytes: folder.queueFileBytes('BatchCQ'),
    consumeQueueExtSegmentBytes: extBytes,
    indexSlots: shape?.slots ?? 0,
    indexEntries: shape?.entries ?? 0,
  }
  const sizes = Object.entries({ ...seen, ...sizesBefore(folder) }).filter(([, size]) => size > 0)
  const isIndexed = sizes.some(([name]) => name === 'indexSlots')
  return parseStoreConfig({
    rootDirectory: paths.root,
    commitLogDirectories: [...paths.commitLogs],
    commitLogSegmentBytes: log.fileBytes,
    maxMessageBytes: Math.min(4 * 1024 * 1024, log.fileBytes - 1),
    ...Object.fromEntries(sizes),
    consumeQueueExtEnabled: extBytes > 0,
    lmqEnabled: hasLight,
    indexEnabled: isIndexed,
    // Nothing may be compacted or cleaned away meanwhile.
    compactionIntervalMs: COMPACTION_INTERVAL_MS,
    fileReservedMs: FOREVER_MS,
    cleanFilesForcibly: false,
    diskMaxUsedPercent: 100,
    diskCleanForciblyPercent: 100,
    diskWarningPercent: 100,
  })
}

/** Remembers the sizes of files that are going to be cut or removed, in case the process dies before they are made again. */
function rememberSizes({ files, paths }: StoreFolder, config: StoreConfig): void {
  const { consumeQueueSegmentBytes, batchConsumeQueueSegmentBytes } = config
  const { compactionLogSegmentBytes, compactionQueueSegmentBytes } = config
  const { consumeQueueExtSegmentBytes, indexEnabled, indexSlots, indexEntries } = config
  const sizes = {
    ...{ consumeQueueSegmentBytes, batchConsumeQueueSegmentBytes, consumeQueueExtSegmentBytes },
    ...{ compactionLogSegmentBytes, compactionQueueSegmentBytes },
    ...(indexEnabled ? { indexSlots, indexEntries } : {}),
  }
  files.writeFile(unfinishedPath(paths.root), Buffer.from(JSON.stringify(sizes)), { durable: true })
  files.flushDirectory(paths.root)
}

/** What an earlier repair that did not end has remembered. */
function sizesBefore({ files, paths }: StoreFolder): Readonly<Record<string, number>> {
  const bytes = files.readFile(unfinishedPath(paths.root))
  if (bytes === undefined) return {}
  try {
    const parsed: unknown = JSON.parse(Buffer.from(bytes).toString())
    const entries = typeof parsed === 'object' && parsed !== null ? Object.entries(parsed) : []
    return Object.fromEntries(
      entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'),
    )
  } catch {
    // It died while it wrote this: nothing has been cut yet.
    return {}
  }
}

/** Recovery does the rest. */
async function reopen(
  config: StoreConfig,
  folder: StoreFolder,
  { plan }: Verification,
  options: RepairOptions,
): Promise<void> {
  const { runtime, logger } = options
  const compacted = compactedTopics(folder)
  // What cannot be copied again is not touched: recovery could cut it.
  const kept = new Set(plan.compacted.flatMap(({ isInLog, topic }) => (isInLog ? [] : [topic])))
  const ofBatches = batchTopics(folder)
  const found = new Set<string>()
  for (const { topic, kind } of folder.queues()) if (kind === 'BatchCQ') found.add(topic)
  const store = await MessageStore.open({
    runtime,
    config,
    ...(logger === undefined ? {} : { logger }),
    queueTypeOf: (topic) => (found.has(topic) || ofBatches.has(topic) ? 'BatchCQ' : 'SimpleCQ'),
    isCompacted: (topic) => compacted.has(topic) && !kept.has(topic),
  })
  for (;;) {
    const { indexedOffset, commitLogMaxOffset } = store.status()
    if (!config.indexEnabled || indexedOffset >= commitLogMaxOffset) break
    await new Promise<void>((resolve) => void runtime.timers.after(POLL_MS, resolve))
  }
  await store.close()
  folder.close()
}
