// SPDX-License-Identifier: Apache-2.0
// Records golden fixtures from the real RocketMQ classes: node tools/golden/src/main.ts [what].

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { recordAdminDialogue, recordDecisions } from './acl/decisions.ts'
import { recordPlainDecisions } from './acl/plain-decisions.ts'
import { recordBadInput } from './bad-input.ts'
import { goldenFolders, provenanceOf, publishFile, publishFolder } from './fixtures.ts'

import { compareCompaction, recordCompaction } from './compaction.ts'
import { compareJavaReads } from './java-reads.ts'
import { prepareRecorders, type JavaRecorders } from './java.ts'
import { recordReplays } from './replay.ts'
import { recordStores } from './store.ts'

type Recording = (java: JavaRecorders, workFolder: string) => void | Promise<void>

const recordings: Readonly<Record<string, Recording>> = {
  requests(java, workFolder) {
    const raw = join(workFolder, 'requests')
    java.run('RecordRequests', [raw])
    const provenance = provenanceOf('requests', 'java/RecordRequests.java', java.javaVersion)
    report('requests', publishFolder(raw, join(goldenFolders.remoting, 'requests'), provenance))
    publishFile(join(workFolder, 'codes', 'request-codes.json'), goldenFolders.remoting, provenance)
  },
  bodies(java, workFolder) {
    const raw = join(workFolder, 'bodies')
    java.run('RecordBodies', [raw])
    const provenance = provenanceOf('bodies', 'java/RecordBodies.java', java.javaVersion)
    report('bodies', publishFolder(raw, join(goldenFolders.remoting, 'bodies'), provenance))
  },
  messages(java, workFolder) {
    const raw = join(workFolder, 'messages')
    java.run('RecordMessages', [raw])
    const provenance = provenanceOf('messages', 'java/RecordMessages.java', java.javaVersion)
    publishFile(join(raw, 'messages.json'), goldenFolders.remoting, provenance)
    report('messages', 1)
  },
  compression(java, workFolder) {
    const raw = join(workFolder, 'compression')
    java.run('RecordCompression', [raw])
    const provenance = provenanceOf('compression', 'java/RecordCompression.java', java.javaVersion)
    publishFile(join(raw, 'compression.json'), goldenFolders.remoting, provenance)
    report('compression', 1)
  },
  'proxy-protocol'(java, workFolder) {
    const raw = join(workFolder, 'proxy-protocol')
    java.run('RecordProxyProtocol', [raw])
    const recorder = 'java/RecordProxyProtocol.java'
    const provenance = provenanceOf('proxy-protocol', recorder, java.javaVersion)
    publishFile(join(raw, 'proxy-protocol.json'), goldenFolders.remoting, provenance)
    report('proxy-protocol', 1)
  },
  signatures(java, workFolder) {
    const raw = join(workFolder, 'signatures')
    java.run('RecordSignatures', [raw])
    const provenance = provenanceOf('signatures', 'java/RecordSignatures.java', java.javaVersion)
    publishFile(join(raw, 'signatures.json'), goldenFolders.acl, provenance)
    report('signatures', 1)
  },
  'acl-resources'(java, workFolder) {
    const raw = join(workFolder, 'acl-resources')
    java.run('RecordAclMapping', [raw, join(goldenFolders.remoting, 'requests')])
    const recorder = 'java/RecordAclMapping.java'
    const provenance = provenanceOf('acl-resources', recorder, java.javaVersion)
    publishFile(join(raw, 'resources.json'), goldenFolders.acl, provenance)
    report('acl-resources', 1)
  },
  async 'acl-decisions'(java, workFolder) {
    console.log(`acl-decisions: ${await recordDecisions(java, workFolder)} answers recorded`)
  },
  async 'acl-admin'(java, workFolder) {
    console.log(`acl-admin: ${await recordAdminDialogue(java, workFolder)} steps recorded`)
  },
  async 'acl-plain'(java, workFolder) {
    console.log(`acl-plain: ${await recordPlainDecisions(java, workFolder)} answers recorded`)
  },
  'java-reads'(java, workFolder) {
    console.log(
      `java-reads: Java reads ${compareJavaReads(java, workFolder)} of our frames and bodies`,
    )
  },
  async store(java, workFolder) {
    report('store', await recordStores(java, workFolder))
  },
  replay(java, workFolder) {
    report('replay', recordReplays(java, workFolder))
  },
  compaction(java, workFolder) {
    report('compaction', recordCompaction(java, workFolder))
  },
  'java-compaction'(java, workFolder) {
    const count = compareCompaction(java, workFolder)
    console.log(`java-compaction: Java and ours read the same ${count} times`)
  },
  async 'bad-input'(java, workFolder) {
    const count = await recordBadInput(java, workFolder)
    console.log(`bad-input: ${count} cases recorded`)
  },
}

function report(what: string, count: number): void {
  console.log(`${what}: ${count} fixture file${count === 1 ? '' : 's'} written`)
}

async function main(asked: readonly string[]): Promise<void> {
  const names = asked.length === 0 || asked.includes('all') ? Object.keys(recordings) : asked
  const unknown = names.filter((name) => !(name in recordings))
  if (unknown.length > 0) {
    const known = Object.keys(recordings).join(', ')
    throw new Error(`no such recording: ${unknown.join(', ')}. Known: all, ${known}`)
  }
  const workFolder = mkdtempSync(join(tmpdir(), 'rocketmq-golden-'))
  try {
    const java = await prepareRecorders(workFolder)
    for (const name of names) await recordings[name]?.(java, workFolder)
  } finally {
    rmSync(workFolder, { recursive: true, force: true })
  }
}

try {
  await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
