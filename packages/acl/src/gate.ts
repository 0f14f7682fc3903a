// SPDX-License-Identifier: Apache-2.0
// Puts authentication and authorisation 2.0 in front of every handler of a remoting server.
import type { Connection, Gate, GateCall, Refusal } from '@rocketmq-ts/remoting'
import { AskedInPlace, type Asked } from './asked-in-place.ts'
import { auditText, silentAudit, type AuditLog } from './audit.ts'
import type { AuthMetadata } from './auth-metadata.ts'
import { authenticate, type UserSource } from './authenticate.ts'
import { authorize, unreadableRequest } from './authorize.ts'
import type { AccessConfig } from './config.ts'
import { hostOf } from './ip-address.ts'
import { pullAccess, requestAccess, sendAccess } from './request-access.ts'
import { SignatureField } from './signature.ts'
import { isSignedInPlace, signingKeyOf, type SigningKey } from './signed-in-place.ts'
import type { User } from './user.ts'

export interface AuthenticationGateOptions {
  readonly users: UserSource
  /** Request codes that pass unsigned. */
  readonly openCodes?: Iterable<number>
}

/** The `gate` of a RemotingServer that lets only signed requests of known users pass, whatever they ask for. */
export function createAuthenticationGate(options: AuthenticationGateOptions): Gate {
  const openCodes = new Set(options.openCodes)
  return (call) => {
    if (openCodes.has(call.code)) return undefined
    const { body, version } = call
    return authenticate(options.users, { fields: call.extFields(), body, version })
  }
}

export interface AccessGateOptions {
  readonly metadata: AuthMetadata
  readonly config: Pick<
    AccessConfig,
    | 'isAuthenticated'
    | 'isAuthorized'
    | 'authenticationWhitelist'
    | 'authorizationWhitelist'
    | 'statefulAuthenticationMs'
  >
  /** What policies for `Cluster:…` are matched with. */
  readonly clusterName: string
  /** For how long a signature speaks with the stateful strategy. */
  readonly monotonicMs: () => number
  readonly audit?: AuditLog
}

const SEND_MESSAGE = 10
const PULL_MESSAGE = 11
const SEND_MESSAGE_V2 = 310
const SEND_BATCH_MESSAGE = 320

/** Users of one connection whose decisions are kept: a proxy speaks for many. */
const MAX_USERS = 256
/** Topics of one user and connection whose decisions are kept. */
const MAX_TOPICS = 1024

/** What was decided about one user of one connection. */
class Decisions {
  readonly sourceIp: string
  readonly sends = new Map<string, Refusal | null>()
  /** By topic, then by group. */
  readonly pulls = new Map<string, Map<string, Refusal | null>>()
  authentication: Refusal | undefined
  authenticatedUntilMs = 0

  #key: SigningKey | undefined

  constructor(sourceIp: string) {
    this.sourceIp = sourceIp
  }

  /** Made once for all passes of the user. */
  keyFor(user: User | undefined): SigningKey | undefined {
    if (user !== undefined) this.#key ??= signingKeyOf(user.password)
    return this.#key
  }
}

/** Requests of one connection that are known to pass by their bytes. */
const MAX_PASSES = 16

/** What has passed, and passes again as long as users and policies stay and it is signed. */
interface Pass {
  readonly asked: Asked
  /** Undefined when nobody of that name is there: then nothing is signed. */
  readonly key: SigningKey | undefined
  readonly decisions: Decisions
}

/** What is known of one connection; worth nothing once users or policies, or what it says of its peer, have changed. */
class Peer {
  readonly users = new Map<string, Decisions>()
  readonly #passes: Pass[] = []
  #lastPass = 0
  readonly remoteAddress: string
  readonly version: number
  readonly sourceIp: string

  constructor(remoteAddress: string, version: number) {
    this.remoteAddress = remoteAddress
    this.version = version
    this.sourceIp = hostOf(remoteAddress)
  }

  /** The pass for the request that `asked` has found; the last one is mostly the next one. */
  passFor(asked: AskedInPlace): Pass | undefined {
    const passes = this.#passes
    const count = passes.length
    let at = this.#lastPass
    for (let tried = 0; tried < count; tried++) {
      const pass = passes[at] as Pass
      if (asked.is(pass.asked)) {
        this.#lastPass = at
        return pass
      }
      if (++at === count) at = 0
    }
    return undefined
  }

  /** Keeps a pass, in the place of the one behind the last that was used when there are enough. */
  keep(pass: Pass): void {
    const passes = this.#passes
    const at = passes.length < MAX_PASSES ? passes.length : (this.#lastPass + 1) % MAX_PASSES
    passes[at] = pass
    this.#lastPass = at
  }

  of(username: string): Decisions {
    let decisions = this.users.get(username)
    if (decisions === undefined) {
      if (this.users.size >= MAX_USERS) this.users.clear()
      decisions = new Decisions(this.sourceIp)
      this.users.set(username, decisions)
    }
    return decisions
  }
}

/**
 * The `gate` of a server under access control 2.0: authentication, then authorisation, each when it is switched on.
 * Decisions about sends and pulls are kept per connection, user, topic and group, and dropped with every change of users and policies.
 * @see AuthenticationPipeline and AuthorizationPipeline
 */
export function createAccessGate(options: AccessGateOptions): Gate {
  const { metadata, config, clusterName, monotonicMs, audit = silentAudit } = options
  const { isAuthenticated, isAuthorized, statefulAuthenticationMs } = config
  const peers = new WeakMap<Connection, Peer>()
  const asked = new AskedInPlace()

  const peerOf = (connection: Connection): Peer => {
    const peer = peers.get(connection)
    if (
      peer !== undefined &&
      peer.version === metadata.version &&
      peer.remoteAddress === connection.remoteAddress
    ) {
      return peer
    }
    const fresh = new Peer(connection.remoteAddress, metadata.version)
    peers.set(connection, fresh)
    return fresh
  }

  const checkSignature = (call: GateCall, decisions: Decisions): Refusal | undefined => {
    if (statefulAuthenticationMs > 0 && monotonicMs() < decisions.authenticatedUntilMs) {
      return decisions.authentication
    }
    const { body, version } = call
    const refusal = authenticate(metadata, { fields: call.extFields(), body, version })
    if (statefulAuthenticationMs > 0) {
      decisions.authentication = refusal
      decisions.authenticatedUntilMs = monotonicMs() + statefulAuthenticationMs
    }
    return refusal
  }

  const checkOther = (call: GateCall, username: string | undefined, sourceIp: string) => {
    const needed = requestAccess(call, clusterName)
    if (needed === undefined) {
      // Java asks nothing of a request without any field.
      return call.extFields().size === 0 ? undefined : unreadableRequest()
    }
    if (needed.length === 0 || config.authorizationWhitelist.has(call.code)) return undefined
    if (username === undefined && call.extFields().size === 0) return undefined
    return authorize(metadata, { username, sourceIp }, needed)
  }

  const checkSend = (
    topic: string,
    username: string,
    { sends, sourceIp }: Decisions,
  ): Refusal | undefined => {
    const known = sends.get(topic)
    if (known !== undefined) return known ?? undefined
    const refusal = authorize(metadata, { username, sourceIp }, sendAccess(topic))
    if (sends.size >= MAX_TOPICS) sends.clear()
    sends.set(topic, refusal ?? null)
    return refusal
  }

  const checkPull = (
    topic: string,
    group: string,
    username: string,
    { pulls, sourceIp }: Decisions,
  ): Refusal | undefined => {
    let groups = pulls.get(topic)
    const known = groups?.get(group)
    if (known !== undefined) return known ?? undefined
    const refusal = authorize(metadata, { username, sourceIp }, pullAccess(topic, group))
    if (groups === undefined) {
      if (pulls.size >= MAX_TOPICS) pulls.clear()
      groups = new Map()
      pulls.set(topic, groups)
    }
    if (groups.size >= MAX_TOPICS) groups.clear()
    groups.set(group, refusal ?? null)
    return refusal
  }

  const checkAccess = (
    call: GateCall,
    username: string | undefined,
    decisions: Decisions,
  ): Refusal | undefined => {
    const { code } = call
    if (username !== undefined && !config.authorizationWhitelist.has(code)) {
      if (code === SEND_MESSAGE_V2 || code === SEND_BATCH_MESSAGE || code === SEND_MESSAGE) {
        const topic = call.ext(code === SEND_MESSAGE ? 'topic' : 'b')
        if (topic !== undefined) return checkSend(topic, username, decisions)
      } else if (code === PULL_MESSAGE) {
        const topic = call.ext('topic')
        const group = call.ext('consumerGroup')
        if (topic !== undefined && group !== undefined) {
          return checkPull(topic, group, username, decisions)
        }
      }
    }
    return checkOther(call, username, decisions.sourceIp)
  }

  const refusalOf = (call: GateCall, username: string | undefined): Refusal | undefined => {
    const decisions = peerOf(call.connection).of(username ?? '')
    if (isAuthenticated && !config.authenticationWhitelist.has(call.code)) {
      const refusal = checkSignature(call, decisions)
      if (refusal !== undefined) return refusal
    }
    return isAuthorized ? checkAccess(call, username, decisions) : undefined
  }

  /** True when the request is one that has passed before, but for its signature, and is signed. False says nothing. */
  const passesInPlace = ({ connection, scan }: GateCall): boolean => {
    if (scan === undefined || !asked.find(scan)) return false
    const pass = peerOf(connection).passFor(asked)
    if (pass === undefined) return false
    if (!isAuthenticated || config.authenticationWhitelist.has(scan.code)) return true
    const { key, decisions } = pass
    if (statefulAuthenticationMs > 0 && monotonicMs() < decisions.authenticatedUntilMs) {
      return decisions.authentication === undefined
    }
    // Where one signature speaks for others it is checked with a note of when.
    if (key === undefined || statefulAuthenticationMs > 0) return false
    return isSignedInPlace(key, scan)
  }

  const keepPass = ({ connection, scan }: GateCall, username: string): void => {
    if (scan === undefined || !asked.find(scan)) return
    const peer = peerOf(connection)
    // Known already when only its signature had to be read as text.
    if (peer.passFor(asked) !== undefined) return
    const kept = asked.kept()
    if (kept === undefined) return
    const decisions = peer.of(username)
    peer.keep({
      asked: kept,
      key: isAuthenticated ? decisions.keyFor(metadata.find(username)) : undefined,
      decisions,
    })
  }

  return (call) => {
    if (passesInPlace(call)) return undefined
    const username = call.ext(SignatureField.ACCESS_KEY)
    const refusal = refusalOf(call, username)
    if (refusal === undefined) {
      if (username !== undefined) keepPass(call, username)
      return undefined
    }
    audit.info(
      {
        event: 'refused',
        code: call.code,
        user: auditText(username),
        peer: call.connection.remoteAddress,
        socket: call.connection.remote.host,
        reason: auditText(refusal.remark),
      },
      'a request was refused',
    )
    return refusal
  }
}
