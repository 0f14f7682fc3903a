// SPDX-License-Identifier: Apache-2.0
// The one error class of the public API, and the table of its codes.
import { responseCodeName } from './protocol/response-code.ts'

/** What is known of an error code. `docs/errors.md` is written from this. */
export interface ErrorDescription {
  readonly meaning: string
  /** Whether the same call may work when made again, perhaps elsewhere. */
  readonly retryable: boolean
  readonly whatToDo: string
}

/** Every code a {@link RocketMQError} can carry. */
export type RocketMQErrorCode =
  | 'RMQ_TIMEOUT'
  | 'RMQ_CONNECT_FAILED'
  | 'RMQ_CONNECTION_CLOSED'
  | 'RMQ_ABORTED'
  | 'RMQ_TOO_MANY_REQUESTS'
  | 'RMQ_PROTOCOL'
  | 'RMQ_REFUSED'
  | 'RMQ_NO_ROUTE'
  | 'RMQ_NO_NAME_SERVER'
  | 'RMQ_INVALID_ARGUMENT'
  | 'RMQ_MESSAGE_ILLEGAL'
  | 'RMQ_CLOSED'
  | 'RMQ_STORE'

/** Meaning, retryability and advice per code. */
export const errorDescriptions: Readonly<Record<RocketMQErrorCode, ErrorDescription>> = {
  RMQ_TIMEOUT: {
    meaning: 'No answer came in the time allowed; the request may have been carried out.',
    retryable: true,
    whatToDo: 'Try again, allow more time, or look at the load of the server.',
  },
  RMQ_CONNECT_FAILED: {
    meaning: 'The connection could not be made.',
    retryable: true,
    whatToDo: 'Check the address, that the server runs, and that nothing between blocks the port.',
  },
  RMQ_CONNECTION_CLOSED: {
    meaning: 'The connection ended before the answer came; the request may have been carried out.',
    retryable: true,
    whatToDo: 'Try again: the next call connects anew.',
  },
  RMQ_ABORTED: {
    meaning: 'The caller’s AbortSignal ended the call.',
    retryable: false,
    whatToDo: 'Nothing: this was asked for.',
  },
  RMQ_TOO_MANY_REQUESTS: {
    meaning:
      'The connection, or all connections together, already hold as many unanswered requests or unsent bytes as they may.',
    retryable: true,
    whatToDo: 'Wait for answers before sending more, or raise maxRequests or maxOneways.',
  },
  RMQ_PROTOCOL: {
    meaning: 'The peer sent bytes that are not what the protocol says.',
    retryable: false,
    whatToDo: 'Check that the address is a RocketMQ server of a version this client knows.',
  },
  RMQ_REFUSED: {
    meaning: 'The server answered with a code other than success; see responseCode and remark.',
    retryable: false,
    whatToDo: 'Act on responseCode; retryable says whether another try can help.',
  },
  RMQ_NO_ROUTE: {
    meaning: 'No name server knows a broker for the topic.',
    retryable: true,
    whatToDo: 'Create the topic, or check that its brokers are registered.',
  },
  RMQ_NO_NAME_SERVER: {
    meaning: 'No name server address is configured, or none can be reached.',
    retryable: true,
    whatToDo: 'Check the configured name server addresses.',
  },
  RMQ_INVALID_ARGUMENT: {
    meaning: 'The call was made with a value that cannot work.',
    retryable: false,
    whatToDo: 'Correct the argument named in the message.',
  },
  RMQ_MESSAGE_ILLEGAL: {
    meaning: 'The message is too large, or its topic or properties are not allowed.',
    retryable: false,
    whatToDo: 'Correct the message.',
  },
  RMQ_CLOSED: {
    meaning: 'The object was closed before the call.',
    retryable: false,
    whatToDo: 'Make the call before close, or create a new object.',
  },
  RMQ_STORE: {
    meaning: 'The store could not read or write its files.',
    retryable: false,
    whatToDo: 'Look at the cause, the free space and the permissions of the store directory.',
  },
}

/** Facts that go with a {@link RocketMQError}. */
export interface RocketMQErrorDetails {
  readonly responseCode?: number
  readonly remark?: string
  readonly address?: string
  readonly cause?: unknown
  /** Overrides what the table says for the code. */
  readonly retryable?: boolean
}

// Shared through the registry of symbols, so that two copies of this package recognise each other's errors.
const brand: symbol = Symbol.for('rocketmq-ts.error')

/** The world failed: a socket, a disk, a time-out, a refusal of a server. Narrow by {@link RocketMQError.code}. */
export class RocketMQError extends Error {
  readonly code: RocketMQErrorCode
  readonly retryable: boolean
  /** The server's code when it refused. */
  readonly responseCode?: number
  /** The server's text when it refused. */
  readonly remark?: string
  /** The peer, `host:port`. */
  readonly address?: string

  constructor(code: RocketMQErrorCode, message: string, details: RocketMQErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'RocketMQError'
    Object.defineProperty(this, brand, { value: true })
    this.code = code
    this.retryable = details.retryable ?? errorDescriptions[code].retryable
    if (details.responseCode !== undefined) this.responseCode = details.responseCode
    if (details.remark !== undefined) this.remark = details.remark
    if (details.address !== undefined) this.address = details.address
  }

  /** Whether `error` is one of these, also when it comes from another copy of this package. */
  static is(error: unknown): error is RocketMQError {
    return typeof error === 'object' && error !== null && brand in error
  }
}

/** The codes after which Java's producer tries another broker. */
const retryableResponses: ReadonlySet<number> = new Set([1, 2, 14, 16, 17, 204, 205, 1500])

/** A server's refusal as an error. */
export function refusedError(
  responseCode: number,
  remark: string | undefined,
  address: string,
): RocketMQError {
  const reason = remark === undefined || remark === '' ? '' : `: ${remark}`
  return new RocketMQError(
    'RMQ_REFUSED',
    `${address} answered ${responseCodeName(responseCode)} (${responseCode})${reason}`,
    {
      responseCode,
      address,
      retryable: retryableResponses.has(responseCode),
      ...(remark === undefined ? {} : { remark }),
    },
  )
}
