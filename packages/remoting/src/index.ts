// SPDX-License-Identifier: Apache-2.0
// Public names of @rocketmq-ts/remoting.
export {
  connectionClosed,
  connectionOpened,
  handlerFailed,
  requestAnswered,
  type ConnectionClosed,
  type ConnectionOpened,
  type HandlerFailed,
  type RequestAnswered,
} from './diagnostics.ts'
export {
  errorDescriptions,
  refusedError,
  RocketMQError,
  type ErrorDescription,
  type RocketMQErrorCode,
  type RocketMQErrorDetails,
} from './errors.ts'
export { parseJavaProperties, writeJavaProperties } from './java-properties.ts'
export { BadField } from './protocol/bad-field.ts'
export {
  CommandScan,
  ENTRY_SIZE,
  KEY_ESCAPED,
  VALUE_ESCAPED,
  VALUE_NULL,
} from './protocol/command-scan.ts'
export { slotsOf } from './protocol/compiled-table.ts'
export type { FieldView } from './protocol/field-scan.ts'
export { MAX_FRAME_BYTES } from './protocol/frame.ts'
export { inheritedFields, type InheritedFields } from './protocol/inherited-fields.ts'
export { unescapeInto } from './protocol/json-text.ts'
export { LanguageCode, languageName, languageOf } from './protocol/language-code.ts'
export { MQ_VERSION } from './protocol/mq-version.ts'
export { ResponseCode, responseCodeName } from './protocol/response-code.ts'
export { scanCommand } from './protocol/scan-command.ts'
export {
  absentAs,
  boolean,
  int32,
  long,
  noFields,
  offset,
  optional,
  readByHand,
  spelled,
  string,
  type Field,
  type FieldKind,
  type FieldTable,
  type InheritedHeader,
  type NoFields,
  type RequestType,
} from './protocol/schema.ts'
export {
  parseSerializeType,
  serializeTypeName,
  type SerializeType,
} from './protocol/serialize-type.ts'
export { addressText, parseAddress } from './transport/address.ts'
export { RemotingClient, type ClientOptions } from './transport/client.ts'
export {
  expectSuccess,
  type Connection,
  type OnewayOptions,
  type RequestOptions,
  type Response,
} from './transport/connection.ts'
export {
  handle,
  handleHot,
  refuse,
  reply,
  type Answer,
  type AnswerOptions,
  type Call,
  type Gate,
  type GateCall,
  type Handler,
  type HandlerOptions,
  type HotCall,
  type HotReplyOptions,
  type Refusal,
  type Reply,
} from './transport/handler.ts'
export {
  addressServerUrl,
  DEFAULT_ADDRESS_SERVER_DOMAIN,
  DEFAULT_ADDRESS_SERVER_SUBGROUP,
  NameServerDiscovery,
  type NameServerDiscoveryOptions,
  type NameServerSource,
} from './transport/name-server-discovery.ts'
export type { Sign } from './transport/outgoing-requests.ts'
export { ProxyAttribute } from './transport/proxy-protocol.ts'
export type {
  ClientHook,
  RequestOutcome,
  SentRequest,
  ServedRequest,
  ServerHook,
} from './transport/rpc-hook.ts'
export {
  RPC_LATENCY_BOUNDS_MS,
  type RpcLatencyFigure,
  type RpcResult,
} from './transport/rpc-latency.ts'
export { RemotingServer, type ServerListenOptions, type ServerOptions } from './transport/server.ts'
export { parseSocksRules, type SocksProxy, type SocksRules } from './transport/socks-rules.ts'
export {
  DEFAULT_TLS_CONFIG_FILE,
  parseTlsSettings,
  withoutTlsKeys,
  type TlsFiles,
  type TlsMode,
  type TlsSettings,
} from './transport/tls-settings.ts'
