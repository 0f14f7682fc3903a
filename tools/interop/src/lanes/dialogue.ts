// SPDX-License-Identifier: Apache-2.0
// Lane: one long dialogue, held with Java's servers and with ours; every answer and every stored byte must agree.

import { sortedJson } from '../java-json-text.ts'
import { unknownDifferences } from '../known-differences.ts'
import { type Lane, type LaneContext, withServers } from '../lane.ts'
import { differences } from '../mask.ts'
import { pickPorts, type Ports } from '../ports.ts'
import { sleep } from '../processes.ts'
import { recordTexts } from '../record-text.ts'
import type { ServerKind } from '../servers.ts'
import { type Answer, Caller } from '../wire.ts'
import { dialogueSteps, type Step } from './dialogue-steps.ts'

export const dialogue: Lane = {
  name: 'dialogue',
  summary: 'the same requests get the same answers and leave the same records',
  async run(context) {
    // The same ports for both, one after the other: addresses and message ids then agree by themselves.
    const ports = await pickPorts()
    const java = await hold(context, 'java', ports)
    const ours = await hold(context, context.ours, ports)
    for (const [i, step] of dialogueSteps.entries()) {
      const compare = step.keysOnly === true ? differences : differing
      const found = unknownDifferences(
        step.name,
        compare(java[i]?.lines ?? [], ours[i]?.lines ?? []),
      )
      context.report.check(step.name, found.length === 0, found.slice(0, shownLines).join('\n'))
    }
    const inOrder = 'properties are stored in the order of Java'
    const order = unknownDifferences(
      inOrder,
      differing(
        java.flatMap(({ propertyOrder }) => propertyOrder),
        ours.flatMap(({ propertyOrder }) => propertyOrder),
      ),
    )
    context.report.check(inOrder, order.length === 0, order.slice(0, shownLines).join('\n'))
  },
}

/** A wrong offset shows in every later record; the first few lines say it. */
const shownLines = 8

interface Heard {
  readonly lines: readonly string[]
  readonly propertyOrder: readonly string[]
}

/** Of lines that differ only the parts that do. */
function differing(java: readonly string[], ours: readonly string[]): string[] {
  const found: string[] = []
  for (let i = 0; i < Math.max(java.length, ours.length); i++) {
    const expected = (java[i] ?? 'nothing').split(', ')
    const actual = (ours[i] ?? 'nothing').split(', ')
    if (expected.join() === actual.join()) continue
    const sameShape = expected.length === actual.length
    const differs = (part: string, at: number): boolean => !sameShape || part !== actual[at]
    found.push(
      `Java: ${expected.filter(differs).join(', ')}`,
      `ours: ${actual.filter((part, at) => !sameShape || part !== expected[at]).join(', ')}`,
    )
  }
  return found
}

async function hold(context: LaneContext, kind: ServerKind, ports: Ports): Promise<Heard[]> {
  const answers: Heard[] = []
  const servers = { namesrv: kind, broker: kind, ports }
  await withServers(context, `dialogue-${kind}`, servers, async () => {
    const callers = {
      broker: await Caller.open(ports.broker),
      namesrv: await Caller.open(ports.namesrv),
    }
    for (const step of dialogueSteps) {
      await sleep(step.settleMs ?? 0)
      const body = step.body === undefined ? undefined : Buffer.from(step.body)
      const answer = await callers[step.target]
        .call(step.code, step.fields ?? {}, body)
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))))
      answers.push(
        answer instanceof Error
          ? { lines: [answer.message], propertyOrder: [] }
          : heardIn(step, answer),
      )
    }
    callers.broker.close()
    callers.namesrv.close()
  })
  return answers
}

function heardIn(step: Step, answer: Answer): Heard {
  const { code, remark, fields, body } = answer
  const masked = step.ownKey === true ? maskedWithSizes : maskedText
  const lines = [`code ${code}, remark ${masked(remark ?? 'none')}`]
  for (const [name, value] of Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1))) {
    lines.push(masked(`${name} = ${value}`))
  }
  if (body.length === 0) return { lines, propertyOrder: [] }
  const json = body.toString()
  if (!json.startsWith('{')) {
    const records = recordTexts(body)
    lines.push(...records.map(({ text }) => masked(text)))
    return { lines, propertyOrder: records.map(({ properties }) => masked(properties)) }
  }
  lines.push(...(step.keysOnly === true ? keysOf(json) : [masked(sortedJson(json))]))
  return { lines, propertyOrder: [] }
}

function keysOf(text: string): string[] {
  const value = JSON.parse(text.replaceAll(/([{,])(\d+):/g, '$1"$2":')) as Record<string, object>
  const inner = value['table'] ?? value
  return (
    Object.keys(inner)
      .map((name) => name.replace(/^(commitLogDiskRatio_).*/, '$1#'))
      // Appear with the first minute's figures.
      .filter((name) => !name.startsWith('putLatency'))
      .sort()
  )
}

/** Times and version counters differ from run to run, and so does the port of a client. */
function maskedText(text: string): string {
  return (
    text
      .replaceAll(/\b\d{13}\b/g, '#time')
      .replaceAll(/"counter":\d+/g, '"counter":#')
      .replaceAll(/"(\w+Tps)":[\d.E-]+/g, '"$1":#')
      .replaceAll(/"(clientAddr)":"([^":]*):\d+"/g, '"$1":"$2:#"')
      .replaceAll(/(consumer:\[\/[\d.]+):\d+/g, '$1:#')
      // Keys that the broker made; those of the requests all begin alike.
      .replaceAll(/\bUNIQ_KEY=(?!0A0102030FA2)[0-9A-F]+/g, 'UNIQ_KEY=#')
      .replaceAll(/\b[0-9A-F]{33,}\b/g, '#id')
  )
}

/** A key made by the broker is longer on machines whose address is IPv6. */
function maskedWithSizes(text: string): string {
  return maskedText(text).replaceAll(/\b(size|log|msgId =|transactionId =) [\w#]+/g, '$1 #')
}
