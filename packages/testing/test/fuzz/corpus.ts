// SPDX-License-Identifier: Apache-2.0
// What is spoiled: requests and answers recorded from Java, header by header, and bodies recorded from Java.
import { readdirSync, readFileSync } from 'node:fs'
import type { GoldenCase, GoldenRequest } from '@rocketmq-ts/remoting/testing'

/** One recorded command, taken apart. */
export interface Specimen {
  readonly code: number
  readonly flag: number
  readonly fields: readonly (readonly [name: string, value: string])[]
  readonly body: Uint8Array | undefined
  /** The frames as Java wrote them, with their lengths. */
  readonly frames: readonly Buffer[]
}

/** Everything recorded. */
export interface Corpus {
  /** Commands of every request code, requests and answers. */
  readonly all: readonly Specimen[]
  /** Requests by code. */
  readonly requests: ReadonlyMap<number, readonly Specimen[]>
  /** Bodies by Java's class name. */
  readonly bodies: ReadonlyMap<string, readonly Uint8Array[]>
  /** Messages as they are stored and pulled. */
  readonly messages: readonly Uint8Array[]
  /** Bodies of SEND_BATCH_MESSAGE. */
  readonly batches: readonly Uint8Array[]
}

const golden = new URL('../../../remoting/test/golden/', import.meta.url)

function textsBelow(folder: string): string[] {
  const url = new URL(folder, golden)
  return readdirSync(url)
    .toSorted()
    .map((name) => readFileSync(new URL(name, url), 'utf8'))
}

/** Reads the fixtures of the package remoting; the order is the same each time. */
export function loadCorpus(): Corpus {
  const all: Specimen[] = []
  const requests = new Map<number, Specimen[]>()
  for (const text of textsBelow('requests/')) {
    const { code, request, response } = JSON.parse(text) as GoldenRequest
    const own = request.cases.map(specimenOf)
    requests.set(code, own)
    all.push(...own, ...response.cases.map(specimenOf))
  }
  const bodies = new Map<string, Uint8Array[]>()
  for (const text of textsBelow('bodies/')) {
    const { body, cases } = JSON.parse(text) as {
      body: string
      cases: Recorded[]
    }
    bodies.set(body, cases.map(bytesOf))
  }
  const { batches, encoded } = jsonOf<'batches' | 'encoded'>('messages.json')
  const { messages } = jsonOf<'messages'>('stored-messages.json')
  return {
    all,
    requests,
    bodies,
    messages: [...encoded, ...messages].map(bytesOf),
    batches: batches.map(bytesOf),
  }
}

interface Recorded {
  readonly hex: string
}

function jsonOf<Lists extends string>(name: string): Record<Lists, readonly Recorded[]> {
  return JSON.parse(readFileSync(new URL(name, golden), 'utf8')) as Record<Lists, Recorded[]>
}

function bytesOf({ hex }: Recorded): Uint8Array {
  return Buffer.from(hex, 'hex')
}

function specimenOf(recorded: GoldenCase): Specimen {
  const { binary, bodyHex, code, fields, flag, json } = recorded
  return {
    code,
    flag,
    fields: Object.entries(fields).filter((entry): entry is [string, string] => entry[1] !== null),
    body: bodyHex === null ? undefined : Buffer.from(bodyHex, 'hex'),
    frames: (binary === undefined ? [json] : [json, binary]).map(({ hex }) =>
      Buffer.from(hex, 'hex'),
    ),
  }
}
