// SPDX-License-Identifier: Apache-2.0
// Routes as the bytes of their answers, kept from one question to the next until something in them changes.
import { encodeTopicRouteData, type TopicRouteData } from '@rocketmq-ts/remoting/bodies'

/** The JSON forms of a route: `standard` for clients from 4.9.4 on, `compact` with bare integer keys for older ones. */
export type RouteForm = 'standard' | 'compact'

/** Beyond this the route kept longest is made anew when it is asked for again. */
const MOST_BYTES = 128 * 1024 * 1024

/** Answers by topic. */
export class RouteBytes {
  readonly #routeOf: (topic: string) => TopicRouteData | undefined
  readonly #mostBytes: number
  readonly #kept: Readonly<Record<RouteForm, Map<string, readonly Uint8Array[]>>> = {
    standard: new Map(),
    compact: new Map(),
  }
  #keptBytes = 0

  /** @param routeOf the route of a topic as it is now; undefined when there is none */
  constructor(
    routeOf: (topic: string) => TopicRouteData | undefined,
    mostBytes: number = MOST_BYTES,
  ) {
    this.#routeOf = routeOf
    this.#mostBytes = mostBytes
  }

  /** Bytes kept now. */
  get byteLength(): number {
    return this.#keptBytes
  }

  /** The body of the answer, as parts that never change; undefined when the topic has no route. */
  of(topic: string, form: RouteForm): readonly Uint8Array[] | undefined {
    return this.#kept[form].get(topic) ?? this.#make(topic, form)
  }

  #make(topic: string, form: RouteForm): readonly Uint8Array[] | undefined {
    const route = this.#routeOf(topic)
    // Topics that are not there are not noted: anybody could fill the memory with them.
    if (route === undefined) return undefined
    const body = encodeTopicRouteData(route, form)
    const parts = [body]
    if (body.length > this.#mostBytes) return parts
    while (this.#keptBytes + body.length > this.#mostBytes) this.#forgetOldest()
    this.#kept[form].set(topic, parts)
    this.#keptBytes += body.length
    return parts
  }

  /** The topic's route is no longer what it was. */
  changed(topic: string): void {
    this.#forget('standard', topic)
    this.#forget('compact', topic)
  }

  /** Every route may be another, for a setting has changed. */
  allChanged(): void {
    this.#kept.standard.clear()
    this.#kept.compact.clear()
    this.#keptBytes = 0
  }

  #forgetOldest(): void {
    const form: RouteForm = this.#kept.compact.size > 0 ? 'compact' : 'standard'
    const oldest = this.#kept[form].keys().next().value
    if (oldest !== undefined) this.#forget(form, oldest)
  }

  #forget(form: RouteForm, topic: string): void {
    const parts = this.#kept[form].get(topic)
    if (parts === undefined) return
    this.#kept[form].delete(topic)
    for (const part of parts) this.#keptBytes -= part.length
  }
}
