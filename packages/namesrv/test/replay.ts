// SPDX-License-Identifier: Apache-2.0
// Holds the conversation with a name server and writes down its answers in a form that does not depend on hash order.
import { JavaMap, parseJavaJson } from '@rocketmq-ts/remoting/java-json'
import type { Step } from './dialogue.ts'
import { RawClient } from './raw-client.ts'

export interface RecordedAnswer {
  readonly name: string
  readonly code: number
  readonly remark?: string | undefined
  readonly fields: Readonly<Record<string, string>>
  /** The body as sent, for people; compared by {@link comparable}. */
  readonly body?: string | undefined
}

/**
 * Sends every step to a server that is new and returns the answers in order.
 * @param settled called after a connection was closed or a broker left: returns once the server has noticed
 */
export async function replay(
  port: number,
  steps: readonly Step[],
  settled: (step: Step) => Promise<void>,
): Promise<RecordedAnswer[]> {
  const clients = new Map<string, RawClient>()
  const answers: RecordedAnswer[] = []
  for (const step of steps) {
    if ('close' in step) {
      await clients.get(step.close)?.close()
      clients.delete(step.close)
      await settled(step)
      continue
    }
    const client = clients.get(step.on) ?? (await RawClient.connect(port))
    clients.set(step.on, client)
    const { code, remark, fields, body } = await client.request(step)
    answers.push({
      name: step.name,
      code,
      remark,
      fields,
      body: body.length === 0 ? undefined : body.toString('utf8'),
    })
    if (step.code === 104) await settled(step)
  }
  await Promise.all([...clients.values()].map((client) => client.close()))
  return answers
}

/** The same for two answers that differ in hash order only; `{0:…}` and `{"0":…}` stay different. */
export function comparable(answer: RecordedAnswer): object {
  const { body, fields, ...rest } = answer
  return {
    ...rest,
    fields: Object.fromEntries(Object.entries(fields).toSorted(([x], [y]) => (x < y ? -1 : 1))),
    body: body === undefined ? undefined : ordered(parseJavaJson(body)),
  }
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered).toSorted(byText)
  if (value instanceof JavaMap) {
    return { bareKeys: value.entries.map(([key, one]) => [key, ordered(one)]).toSorted(byText) }
  }
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, one]) => [key, ordered(one)] as const)
      .toSorted(byText),
  )
}

function byText(a: unknown, b: unknown): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
