// SPDX-License-Identifier: Apache-2.0
// A producer's send: waits for room, is prepared when there is, and settles its caller's promise.
import type { OutgoingMessage, PreparedMessage } from './message.ts'
import type { MessageQueue } from './message-queue.ts'
import { queueByShardingKey, type QueueRotation, type QueueSelector } from './queue-selector.ts'
import type { SendResult } from './send-result.ts'
import type { Entrant, SendWindow } from './send-window.ts'
import { abortedError, Send, type SendContext } from './send.ts'

/** How one send is done. */
export interface SendOptions {
  /** Ends the wait; the message may still be stored. */
  readonly signal?: AbortSignal
  /** Budget of this send with all its tries, instead of the producer's. */
  readonly timeoutMs?: number
  /** The queue to send to; no other is tried. */
  readonly queue?: MessageQueue
  /** Picks the queue; no other is tried. */
  readonly selector?: QueueSelector<OutgoingMessage>
  /** Picks the queue by this text's hash, as the message's own shardingKey does. */
  readonly shardingKey?: string
}

/** What all sends of one producer share. */
export interface ProducerSendContext extends SendContext {
  readonly window: SendWindow
  readonly sendTimeoutMs: number
  prepare(messages: OutgoingMessage | readonly OutgoingMessage[]): PreparedMessage
  rotation(topic: string): QueueRotation
  /** A send has ended and given back its room. */
  left(): void
}

/** What the caller asked. */
export interface Asked {
  /** A list is a batch. */
  readonly messages: OutgoingMessage | readonly OutgoingMessage[]
  readonly options: SendOptions
  readonly oneway: boolean
}

/** Enters the producer's window; see {@link Send} for what follows. */
export class ProducerSend extends Send implements Entrant {
  readonly bytes: number
  readonly #context: ProducerSendContext
  readonly #messages: OutgoingMessage | readonly OutgoingMessage[]
  readonly #options: SendOptions
  readonly #oneway: boolean
  readonly #resolve: (result: SendResult | undefined) => void
  readonly #reject: (error: unknown) => void
  #stopListening: (() => void) | undefined

  constructor(
    context: ProducerSendContext,
    { messages, options, oneway }: Asked,
    resolve: (result: SendResult | undefined) => void,
    reject: (error: unknown) => void,
  ) {
    super(context)
    this.#context = context
    this.#messages = messages
    this.#options = options
    this.#oneway = oneway
    this.#resolve = resolve
    this.#reject = reject
    this.bytes = bodyBytesOf(messages)
    if (options.signal !== undefined) this.#listen(options.signal)
  }

  enter(): void {
    const options = this.#options
    try {
      // Only now: what waits is no more than what the caller gave.
      const message = this.#context.prepare(this.#messages)
      this.begin({
        message,
        rotation: this.#context.rotation(message.topic),
        choose: chooser(firstOf(this.#messages), options),
        timeoutMs: options.timeoutMs ?? this.#context.sendTimeoutMs,
        signal: options.signal,
        oneway: this.#oneway,
      })
    } catch (error) {
      this.failed(error)
    }
  }

  protected override sent(result: SendResult | undefined): void {
    this.#resolve(result)
    this.#leave()
  }

  protected override failed(error: unknown): void {
    this.#reject(error)
    this.#leave()
  }

  #leave(): void {
    this.#stopListening?.()
    this.#context.window.leave(this)
    this.#context.left()
  }

  /** The caller need not wait for a request under way; its room is given back when that has ended. */
  #listen(signal: AbortSignal): void {
    const topic = firstOf(this.#messages)?.topic ?? ''
    const aborted = (): void => this.#reject(abortedError(topic, signal))
    signal.addEventListener('abort', aborted, { once: true })
    this.#stopListening = () => signal.removeEventListener('abort', aborted)
  }
}

function firstOf(
  messages: OutgoingMessage | readonly OutgoingMessage[],
): OutgoingMessage | undefined {
  return isBatch(messages) ? messages[0] : messages
}

/** Whether several messages go together. */
export function isBatch(
  messages: OutgoingMessage | readonly OutgoingMessage[],
): messages is readonly OutgoingMessage[] {
  return Array.isArray(messages)
}

/** What a send counts for in the window; text counts its characters, near enough. */
function bodyBytesOf(messages: OutgoingMessage | readonly OutgoingMessage[]): number {
  if (!isBatch(messages)) return messages?.body?.length ?? 0
  let bytes = 0
  for (const message of messages) bytes += message?.body?.length ?? 0
  return bytes
}

/** How the caller fixed the queue, or undefined when any will do. */
function chooser(
  message: OutgoingMessage | undefined,
  options: SendOptions,
): ((queues: readonly MessageQueue[]) => MessageQueue | undefined) | undefined {
  const { queue, selector } = options
  if (queue !== undefined) return () => queue
  if (message === undefined) return undefined
  if (selector !== undefined) return (queues) => selector(queues, message)
  const shardingKey = options.shardingKey ?? message.shardingKey
  if (shardingKey !== undefined) return (queues) => queueByShardingKey(queues, shardingKey)
  return undefined
}
