// SPDX-License-Identifier: Apache-2.0
// Settings that producers, consumers and the admin client have in common, their checks and their defaults.
import {
  parseSocksRules,
  type ClientOptions as RemotingOptions,
  type NameServerSource,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { DEFAULT_INSTANCE } from './client-id.ts'
import { parseNamesrvAddr } from './name-servers.ts'
import {
  anything,
  either,
  invalid,
  listOf,
  oneOf,
  record,
  text,
  whole,
  type Checks,
} from './settings.ts'

/** Who signs the requests. */
export interface Credentials {
  readonly accessKey: string
  readonly secretKey: string
  readonly securityToken?: string
}

/** TLS towards name servers and brokers; paths of PEM files, read again when they change. Java: tls.client.*. */
export type ClientTls = TlsSettings['client'] & Pick<TlsSettings, 'ciphers' | 'protocols'>

/** What every client takes. Java's names and defaults (ClientConfig), with units in the names. */
export interface ClientOptions {
  /** Name servers, `host:port`, several separated by `;` or as a list. Needed unless `nameServerSource` is given. */
  readonly namesrvAddr?: string | readonly string[]
  /** Where to ask for the name servers, at the start and every two minutes: an HTTP address server (see `addressServerUrl`) or a host name. */
  readonly nameServerSource?: NameServerSource
  /** TLS on every connection; `test` takes any server's certificate, which is what Java's tls.enable does by itself. Default none. */
  readonly tls?: ClientTls | 'test'
  /** Java's socksProxyConfig: a JSON map from CIDR blocks to SOCKS5 proxies. */
  readonly socksProxyConfig?: string
  /** The address brokers see in the client id; default the first address of this machine. */
  readonly clientIp?: string
  /** Clients with one instance name share connections; DEFAULT gives a name of this process. */
  readonly instanceName?: string
  readonly unitName?: string
  readonly credentials?: Credentials
  /** Header encoding of our requests, default `json`. */
  readonly serializeType?: SerializeType
  /** How often routes are asked for again, default 30 000. */
  readonly pollNameServerIntervalMs?: number
  /** How often brokers hear of us, default 30 000. */
  readonly heartbeatBrokerIntervalMs?: number
  /** How often consumed offsets are stored, default 5000. */
  readonly persistConsumerOffsetIntervalMs?: number
  /** Time for a route, an offset or an admin answer, default 3000. */
  readonly requestTimeoutMs?: number
  /** Time to connect, default 3000. */
  readonly connectTimeoutMs?: number
  /** Default says nothing. pino's logger fits. */
  readonly logger?: Logger
  /** The outside world; only tests give another than Node's. */
  readonly runtime?: Runtime
}

/** {@link ClientOptions} with every default in place. */
export interface ClientConfig {
  readonly nameServers: readonly string[]
  readonly nameServerSource: NameServerSource | undefined
  /** How connections are made. */
  readonly network: Pick<RemotingOptions, 'tls' | 'socksProxyConfig' | 'connectTimeoutMs'>
  readonly clientIp: string | undefined
  readonly instanceName: string
  readonly unitName: string | undefined
  readonly credentials: Credentials | undefined
  readonly serializeType: SerializeType
  readonly pollNameServerIntervalMs: number
  readonly heartbeatBrokerIntervalMs: number
  readonly persistConsumerOffsetIntervalMs: number
  readonly requestTimeoutMs: number
  readonly logger: Logger
  readonly runtime: Runtime
}

export const clientChecks: Checks<ClientOptions> = {
  namesrvAddr: either(text, listOf(text)),
  nameServerSource: record,
  tls: either(record, oneOf('test')),
  socksProxyConfig: text,
  clientIp: text,
  instanceName: text,
  unitName: text,
  credentials: record,
  serializeType: oneOf('json', 'rocketmq'),
  pollNameServerIntervalMs: whole(10),
  heartbeatBrokerIntervalMs: whole(10),
  persistConsumerOffsetIntervalMs: whole(10),
  requestTimeoutMs: whole(1),
  connectTimeoutMs: whole(1),
  logger: record,
  runtime: anything,
}

let sharedRuntime: Runtime | undefined

/** Fills in defaults. Checks were made by the caller, together with its own settings. @throws RMQ_INVALID_ARGUMENT */
export function clientConfigOf(options: ClientOptions): ClientConfig {
  const { credentials, namesrvAddr, nameServerSource } = options
  if (credentials !== undefined && (!credentials.accessKey || !credentials.secretKey)) {
    throw invalid('credentials need both accessKey and secretKey')
  }
  if (options.socksProxyConfig !== undefined) parseSocksRules(options.socksProxyConfig)
  return {
    nameServers:
      namesrvAddr === undefined && nameServerSource !== undefined
        ? []
        : parseNamesrvAddr(namesrvAddr ?? ''),
    nameServerSource,
    network: networkOf(options),
    clientIp: options.clientIp,
    instanceName: options.instanceName ?? DEFAULT_INSTANCE,
    unitName: options.unitName,
    credentials,
    serializeType: options.serializeType ?? 'json',
    pollNameServerIntervalMs: options.pollNameServerIntervalMs ?? 30_000,
    heartbeatBrokerIntervalMs: options.heartbeatBrokerIntervalMs ?? 30_000,
    persistConsumerOffsetIntervalMs: options.persistConsumerOffsetIntervalMs ?? 5000,
    requestTimeoutMs: options.requestTimeoutMs ?? 3000,
    logger: options.logger ?? silentLogger,
    // One runtime for the process, so that clients without a runtime of their own find each other's instance.
    runtime: options.runtime ?? (sharedRuntime ??= nodeRuntime()),
  }
}

function networkOf({
  tls,
  socksProxyConfig,
  connectTimeoutMs = 3000,
}: ClientOptions): ClientConfig['network'] {
  return {
    connectTimeoutMs,
    ...(tls === undefined ? {} : { tls: tlsSettingsOf(tls) }),
    ...(socksProxyConfig === undefined ? {} : { socksProxyConfig }),
  }
}

/** A client never looks at the server's part. */
function tlsSettingsOf(tls: ClientTls | 'test'): TlsSettings {
  const common = {
    mode: 'permissive',
    clientEnabled: true,
    server: { needClientAuth: 'none', authClient: false },
  } as const
  if (tls === 'test') return { ...common, testMode: true, client: { authServer: false } }
  const { ciphers, protocols, ...client } = tls
  return {
    ...common,
    testMode: false,
    client,
    ...(ciphers === undefined ? {} : { ciphers }),
    ...(protocols === undefined ? {} : { protocols }),
  }
}
