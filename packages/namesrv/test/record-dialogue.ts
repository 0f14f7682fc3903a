// SPDX-License-Identifier: Apache-2.0
// Records a conversation from a fresh Java name server: node packages/namesrv/test/record-dialogue.ts <name> <its port>.
// Without a port it prints the configuration the server must have.
import { writeFileSync } from 'node:fs'
import { argv, stdout } from 'node:process'
import { setTimeout as delay } from 'node:timers/promises'
import { dialogues } from './dialogue.ts'
import { replay } from './replay.ts'

/** Java takes brokers that leave from a queue, a moment later. */
const JAVA_SETTLES_MS = 1_000

const [name = '', port] = argv.slice(2)
const dialogue = dialogues[name]
if (dialogue === undefined) throw new Error(`one of: ${Object.keys(dialogues).join(', ')}`)

if (port === undefined) {
  for (const [key, value] of Object.entries(dialogue.config)) {
    stdout.write(`${key}=${value}\n`)
  }
} else {
  const answers = await replay(Number(port), dialogue.steps, () => delay(JAVA_SETTLES_MS))
  const provenance = {
    rocketmq: '5.5.0',
    recorder: 'packages/namesrv/test/record-dialogue.ts',
    command: `node packages/namesrv/test/record-dialogue.ts ${name} <port of a fresh Java name server>`,
  }
  const file = new URL(`./golden/dialogue-${name}.json`, import.meta.url)
  writeFileSync(file, `${JSON.stringify({ provenance, answers }, null, 2)}\n`)
  stdout.write(`${answers.length} answers\n`)
}
